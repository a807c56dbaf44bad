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
    ['args.a - (args.b - args.c) > 5.0', { a: 10, b: 3, c: 2 }, true],
    ['args.a - args.b - args.c > 5.0', { a: 10, b: 3, c: 2 }, false],
    ['args.a == (args.b == args.c)', { a: false, b: 1, c: 2 }, true],
    ['args.a && (args.b || args.c)', { a: false, b: false, c: true }, false],
    ['-(args.a ? 1.0 : 2.0) == -2.0', { a: false }, true],
    ['args.a < 0.00000000012', { a: 0.0000000001 }, true],
    ['args.name == "\u{1F600}"', { name: '\u{1F600}' }, true],
    ['args.name == r"a\\b" || args.name == "it\'s \\"so\\""', { name: 'it\'s "so"' }, true],
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
    ['args.a.all(x, args.b.all(y, x == y))', /`all` must not look at `args`/],
    ['args.a.all(x, x.b.all(y, x == y))', /must not stand inside another/],
    ['args.a.contains(args.b)', /must not come from the arguments/],
    ['args.a.matches(args.b)', /must not come from the arguments/],
    ['args.a.exists(x, args.s.contains(x))', /`exists` must not look at `args`/],
    ['args.a.exists(x, x.s.contains(x.t))', /must not come from the arguments/],
    ['cel.bind(x, args.s + args.s, x == x)', /bind/],
    ['args.to.all(t, t in args.known)', /`all` must not look at `args`/],
    ['args.to.exists(t, t == args.known)', /`exists` must not look at `args`/],
    ['args.to.exists_one(t, args.known != t)', /`exists_one` must not look at `args`/],
    ['args.to.filter(t, has(args[t])).size() == 1', /`filter` must not look at `args`/],
    ['args.to.map(t, t.ok, args.known + t).size() == 1', /`map` must not look at `args`/],
    ['["a"].all(k, k in args.known)', /`all` must not look at `args`/],
    ['args.to.all(args, args.a == args.b)', /must not be called `args`/],
    ['args.to.all(principal, principal.a.contains(principal.b))', /must not be called `principal`/],
    ['args.x in args.list', /one side of `in`/],
    ['args.to.all(t, t.x in t.list)', /one side of `in`/],
    ['duration(args.s) < duration("1h")', /must not come from the arguments/],
    ['args.list.join(args.by) == ""', /must not come from the arguments/],
    ['[args.s].map(x, x + x).map(x, x + x).size() == 1', /what another `map` made/],
    ['[args.s].map(x, x + x).filter(x, true).map(x, x + x).size() == 1', /what another `map` made/],
    [`${'('.repeat(300)}true${')'.repeat(300)}`, /./],
    [Array.from({ length: 600 }, () => 'true').join(' && '), /./],
  ])('%s is refused', (text, reason) => {
    expect(conditions.problem(text)).toMatch(reason)
    expect(() => conditions.compile(text)).toThrow(/The condition/)
  })

  describe('takes time that is linear in the arguments', () => {
    const arguments_ = (size: number): Facts['args'] => ({
      to: Array.from({ length: size }, (_, index) => `t${index}`),
      known: Array.from({ length: size }, (_, index) => `k${index}`),
      empty: Array.from({ length: size }, () => ({})),
      object: Object.fromEntries(Array.from({ length: size }, (_, index) => [`k${index}`, index])),
      text: 'ab,'.repeat(size),
    })
    // Both beyond the size at which V8 keeps the names of an object at hand.
    const small = arguments_(8_000)
    const large = arguments_(128_000)

    /** How many times as long the large ones take. The best of some in turn: what else the machine does only makes a run longer. */
    const growth = (text: string): number => {
      const condition = conditions.compile(text)
      const timeMs = (args: Facts['args']): number => {
        const startMs = performance.now()
        expect(condition.test({ ...FACTS, args })).not.toBe('error')
        return performance.now() - startMs
      }
      for (let run = 0; run < 5; run++) timeMs(small)
      const runs = Array.from({ length: 5 }, () => [timeMs(small), timeMs(large)] as const)
      return Math.min(...runs.map(([, ms]) => ms)) / Math.max(Math.min(...runs.map(([ms]) => ms)), 0.05)
    }

    // Either refused, or linear: 16 times as much takes about 16 times as long, and what is quadratic 256 times.
    test.each([
      ['args.to.all(t, t in args.known)', false],
      ['args.to.exists(t, args.known == t)', false],
      ['args.object in args.empty', false],
      ['args.to.all(t, t.startsWith("t") && t != principal.team)', true],
      ['args.to.exists(t, t in ["a", "b", tool.name])', true],
      ['args.to.filter(t, t.contains("9")).map(t, t + t).all(t, size(t) > 1)', true],
      ['args.to.map(t, [t] + ["x"]).exists_one(t, t == ["t7", "x"])', true],
      ['args.object == args.object && args.to != args.known', true],
      ['(args.to + args.known).join(",") != args.text', true],
      ['"nobody" in args.known || !("k1" in args.object)', true],
      ['args.object in [args.empty, args.object]', true],
      ['args.text.split(",").all(t, t in ["ab", ""])', true],
    ])('%s (accepted: %s)', (text, isAccepted) => {
      expect(conditions.problem(text) === undefined).toBe(isAccepted)
      if (isAccepted) expect(growth(text)).toBeLessThan(120)
    })
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
