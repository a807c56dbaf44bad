import { describe, expect, test } from 'vitest'

import { createConditions, type Facts } from '../../src/conditions/conditions.ts'

const FACTS: Facts = {
  principal: { id: 'key:ci', kind: 'key', organisation: 'acme', team: 'data', key: 'ci' },
  tool: { server: 'pay', name: 'charge', key: 'pay.charge', kind: 'tool', readOnly: false },
  door: 'mcp',
  args: {},
}
const conditions = createConditions()

function ask(text: string, args: Facts['args'] = {}): boolean | 'error' {
  return conditions.compile(text).test({ ...FACTS, args })
}

describe('a condition', () => {
  test.each<[string, Facts['args'], boolean]>([
    ['args.amount <= 100', { amount: 100 }, true],
    ['args.amount <= 100', { amount: 100.5 }, false],
    ['args.path.startsWith("/work/")', { path: '/work/a' }, true],
    ['args.path.startsWith("/work/") && !args.path.contains("..")', { path: '/work/../etc' }, false],
    ['args.tags.all(tag, tag in ["a", "b"])', { tags: ['a', 'c'] }, false],
    ['args["max-count"] == 3', { 'max-count': 3 }, true],
    ['!has(args.force) || args.force == false', {}, true],
    ['args.name.matches("^[a-z]+$")', { name: 'abc' }, true],
    ['principal.team == "data" && door != "script" && !tool.readOnly', {}, true],
    ['tool.key in ["pay.charge"]', {}, true],
  ])('%s of %j is %s', (text, args, expected) => {
    expect(ask(text, args)).toBe(expected)
  })

  test.each<[string, Facts['args']]>([
    ['args.amount <= 100', {}],
    ['args.amount <= 100', { amount: 'many' }],
    ['args.a.b.c', { a: 1 }],
    ['args.flag', { flag: 'yes' }],
    ['args.constructor == 1', {}],
    ['args.__proto__ != null', {}],
    ['args.name.matches("(")', { name: 'a' }],
  ])('%s of %j cannot be told', (text, args) => {
    expect(ask(text, args)).toBe('error')
  })

  test('says whether it looks at the arguments', () => {
    expect(conditions.compile('principal.team == "data"').usesArguments).toBe(false)
    expect(conditions.compile('door == "mcp" && has(args.a)').usesArguments).toBe(true)
  })

  test.each([
    ['args.amount <=', /./],
    ['amount <= 100', /Unknown variable: amount/],
    ['1 + 1', /gives int/],
    ['args.a.all(x, args.b.all(y, x == y))', /must not stand inside another/],
    ['args.a.contains(args.b)', /must not come from the arguments/],
    ['args.a.matches(args.b)', /must not come from the arguments/],
    ['args.a.exists(x, args.s.contains(x))', /must not come from the arguments/],
    ['cel.bind(x, args.s + args.s, x == x)', /bind/],
    [`${'('.repeat(300)}true${')'.repeat(300)}`, /./],
    [Array.from({ length: 600 }, () => 'true').join(' && '), /./],
  ])('%s is refused', (text, reason) => {
    expect(conditions.problem(text)).toMatch(reason)
    expect(() => conditions.compile(text)).toThrow(/The condition/)
  })

  test('a pattern takes time that is linear in the text, whatever the text', () => {
    const condition = conditions.compile('args.s.matches("(a+)+$")')
    const time = (length: number): number => {
      const facts = { ...FACTS, args: { s: `${'a'.repeat(length)}b` } }
      const startMs = performance.now()
      condition.test(facts)
      return performance.now() - startMs
    }
    time(1_000)
    // A backtracking engine would take 2^30 steps for the first already.
    expect(time(30)).toBeLessThan(10_000)
    expect(time(200_000)).toBeLessThan(10_000)
  })
})
