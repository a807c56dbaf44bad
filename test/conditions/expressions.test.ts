import { describe, expect, test } from 'vitest'

import { createExpressions } from '../../src/conditions/expressions.ts'

const { evaluate, problem } = createExpressions(['rows', 'text'])

describe('expressions', () => {
  test.each([
    ['rows.map(r, r.id)', ['a', 'b', 'c']],
    [
      'rows.filter(r, r.n > 1).map(r, {"id": r.id, "it\'s": "a\\n\\"b\\""})',
      [
        { id: 'b', "it's": 'a\n"b"' },
        { id: 'c', "it's": 'a\n"b"' },
      ],
    ],
    ['rows.filter(r, r.id in ["a", "c"]).size()', 2],
    ['rows.map(r, r.n > 1, rows.map(s, s.n).exists(n, n == r.n))', [true, true]],
    ['flatten(rows.map(r, rows.map(s, rows.map(t, t.n + s.n)))).size()', 9],
    ['sum(rows.map(r, r.n))', 6],
    ['sum([])', 0],
    ['[highest(rows.map(r, r.n)), lowest([3, 1.5, 2])]', [3, 1.5]],
    ['sorted(unique(["b", "a", "b"]))', ['a', 'b']],
    ['json(text).list[?1].orValue(0.0) - (rows[0].?none.orValue(1.0) - -2.0)', 17],
    ['[10 - (3 - 2), 8 / (4 / 2), 7 % (5 % 3), -(1 + 2)]', [9, 4, 1, -3]],
    [
      '[(true ? false : true) ? 1 : 2, (true || true) && false ? 1 : 2, (1 == 1) == false ? 1 : 2]',
      [2, 2, 2],
    ],
    [
      '[1e-12 * 1e12, true == (false == false), -(true ? 1 : 2), "é😀".size() > 0 ? "é😀" : r"\\d"]',
      [1, true, -1, 'é😀'],
    ],
    ['rows[0].n == 1 && !(rows[1].n == 1) ? "yes" : "no"', 'yes'],
  ])('%s', (text, value) => {
    const rows = [
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
      { id: 'c', n: 3 },
    ]
    expect(problem(text)).toBeUndefined()
    expect(evaluate(text, { rows, text: '{"list":[10,20]}' })).toEqual(value)
  })

  test.each([
    ['rows.map(', /./],
    ['nobody.size()', /nobody/],
    ['rows.map(a, rows.map(b, rows.map(c, rows.map(d, d))))', /`map` stands inside more than 2 others/],
    [
      'rows.exists(a, rows.all(b, rows.filter(c, rows.exists_one(d, d)) == []))',
      /`exists_one` stands inside/,
    ],
    ['1'.concat(' + 1'.repeat(300)), /nodes|depth/i],
  ])('%s has a problem, and it is told before anything is worked out', (text, reason) => {
    expect(problem(text)).toMatch(reason)
    expect(problem(text)).not.toContain('\n')
    expect(() => evaluate(text, { rows: [], text: '' })).toThrow()
  })

  test.each([
    ['highest([])', '`highest` of an empty list'],
    ['lowest(rows)', '`lowest` of an empty list'],
    ['sum([1, "2"])', '`sum` is for numbers, and one of the list is string'],
    ['highest([1, null])', '`highest` is for numbers, and one of the list is null'],
    ['lowest([[1]])', '`lowest` is for numbers, and one of the list is a list'],
  ])('%s is an error that says why', (text, reason) => {
    expect(() => evaluate(text, { rows: [], text: '' })).toThrow(reason)
  })
})

describe('what strangers send', () => {
  const many = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at)

  test('is no longer than a list that can be gone over', () => {
    expect(evaluate('rows.size()', { rows: many(10_000), text: '' })).toBe(10_000)
    expect(() => evaluate('text', { rows: { deep: [many(10_001)] }, text: '' })).toThrow('10,001 entries')
    const made = JSON.stringify(many(10_001))
    expect(() => evaluate('json(text).exists(n, n == -1)', { rows: [], text: made })).toThrow(
      '10,001 entries',
    )
    expect(() => evaluate('sum(flatten(rows))', { rows: [many(6_000), many(6_000)], text: '' })).toThrow(
      '12,000',
    )
  })

  test.each([
    'rows.map(a, rows.map(b, rows.map(c, 1)))',
    // These go on after an error.
    'rows.exists(a, rows.exists(b, rows.exists(c, c == -1)))',
    'rows.all(a, rows.all(b, rows.all(c, c == 0 || c > 0)))',
    'rows.exists_one(a, rows.filter(b, !rows.exists(c, c == -1)).size() == 0)',
    'rows.map(a, rows.map(b, sum(rows)))',
    'rows.map(a, rows.map(b, -1 in rows))',
  ])('does not keep %s busy for ever', (text) => {
    const before = evaluate('rows.map(r, r)', { rows: [1], text: '' })
    expect(() => evaluate(text, { rows: many(10_000), text: '' })).toThrow('more than 5,000,000 entries')
    expect(evaluate('rows.map(r, r)', { rows: [1], text: '' })).toEqual(before)
  })
})
