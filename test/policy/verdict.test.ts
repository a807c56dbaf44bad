import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Door } from '../../src/core/call.ts'
import type { Standing } from '../../src/core/identity.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Rule, Verdict } from '../../src/core/rule.ts'
import { toolKey } from '../../src/core/tool.ts'
import { matchesGlob } from '../../src/core/glob.ts'
import type { LevelPolicy } from '../../src/policy/level.ts'
import { stricter } from '../../src/policy/verdict.ts'
import { SOMEBODY } from './call-of.ts'
import { admit, judgeOf, judgeOfLevels, PLAIN } from './judge-of.ts'

const verdicts = fc.constantFrom<Verdict>('allow', 'ask', 'deny')
const names = fc.constantFrom('read', 'write', 'secret')
const tools = fc.record({ server: fc.constantFrom('alpha', 'beta'), name: names })
const patterns = fc.oneof(
  fc.constantFrom('*', 'alpha.*', 'beta.*', '*.secret', '*.?e*', 'gamma.*', 'alpha.read', ''),
  fc.string({ maxLength: 6 }),
)
const rules = fc.array(
  fc.record<Rule>({ pattern: patterns, verdict: verdicts, source: fc.string({ maxLength: 4 }) }),
  { maxLength: 8 },
)

describe('the stricter of two verdicts', () => {
  test('does not depend on order or grouping, and a verdict with itself is itself', () => {
    fc.assert(
      fc.property(verdicts, verdicts, verdicts, (a, b, c) => {
        expect(stricter(a, b)).toBe(stricter(b, a))
        expect(stricter(stricter(a, b), c)).toBe(stricter(a, stricter(b, c)))
        expect(stricter(a, a)).toBe(a)
      }),
    )
  })

  test('is deny before ask before allow', () => {
    expect(stricter('allow', 'ask')).toBe('ask')
    expect(stricter('ask', 'deny')).toBe('deny')
    expect(stricter('deny', 'allow')).toBe('deny')
  })
})

describe('the verdict over a tool', () => {
  test('is deny where no rule matches', () => {
    expect(admit(SOMEBODY, { server: 'alpha', name: 'read' }, [])).toEqual({ verdict: 'deny' })
    expect(
      admit(SOMEBODY, { server: 'alpha', name: 'read' }, [
        { pattern: 'beta.*', verdict: 'allow', source: 'one' },
      ]),
    ).toEqual({ verdict: 'deny' })
  })

  test('is the strictest of the rules that match, and names a rule that says so', () => {
    fc.assert(
      fc.property(tools, rules, (tool, all) => {
        const matching = all.filter(({ pattern }) => matchesGlob(pattern, toolKey(tool)))
        const ruling = admit(SOMEBODY, tool, all)
        const expected =
          matching.length === 0 ? 'deny' : matching.map(({ verdict }) => verdict).reduce(stricter)
        expect(ruling.verdict).toBe(expected)
        const sources = matching.filter(({ verdict }) => verdict === expected).map(({ source }) => source)
        if (matching.length === 0) expect(ruling.source).toBeUndefined()
        else expect(sources).toContain(ruling.source)
      }),
    )
  })
})

/** Conditions over one argument, one fact of the principal, and one that can often not be told. */
const whens = fc.constantFrom(
  undefined,
  'args.n <= 1',
  'args.n > 1',
  'principal.team == "data"',
  'door == "script"',
  'args.flag',
)
const conditional = fc
  .array(
    fc.record<Rule>(
      {
        pattern: patterns,
        verdict: verdicts,
        when: whens,
        source: fc.string({ maxLength: 4 }),
      },
      { requiredKeys: ['pattern', 'verdict', 'source'] },
    ),
    { maxLength: 6 },
  )
  .map((all) => all.map(({ when, ...rule }) => (when === undefined ? rule : { ...rule, when })))
const args = fc.record({ n: fc.integer({ min: 0, max: 3 }), flag: fc.boolean() }, { requiredKeys: [] })
const doors = fc.constantFrom<Door>('mcp', 'script', 'cli')
const standings = fc.constantFrom<Standing>(PLAIN, { team: 'data', levels: [] })
const levels = fc.record({ lists: rules, rules: conditional })

describe('a verdict with conditions', () => {
  test('does not depend on the order of rules or levels, and what is said twice counts once', () => {
    fc.assert(
      fc.property(
        tools,
        args,
        doors,
        standings,
        fc.array(levels, { minLength: 1, maxLength: 3 }),
        (tool, given, door, standing, all) => {
          const verdictOf = (some: readonly Pick<LevelPolicy, 'lists' | 'rules'>[]): Verdict =>
            judgeOfLevels(some, standing).judge({ principal: SOMEBODY, door, tool, args: given }).verdict
          const expected = verdictOf(all)
          expect(verdictOf(all.toReversed())).toBe(expected)
          expect(verdictOf([...all, ...all])).toBe(expected)
          const shuffled = all.map((level) => ({
            lists: [...level.lists.toReversed(), ...level.lists],
            rules: [...level.rules.toReversed(), ...level.rules],
          }))
          expect(verdictOf(shuffled)).toBe(expected)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('is never milder than what makes the tool visible, and no level makes it milder', () => {
    fc.assert(
      fc.property(
        tools,
        args,
        doors,
        standings,
        levels,
        levels,
        (tool, given, door, standing, one, other) => {
          const asked = { principal: SOMEBODY, door, tool, args: given }
          const alone = judgeOfLevels([one], standing)
          const ruling = alone.judge(asked)
          const mildest = alone
            .explain(SOMEBODY, door, tool)
            .map(({ verdict }) => verdict)
            .reduce(stricter)
          expect(stricter(ruling.verdict, mildest)).toBe(ruling.verdict)
          expect(alone.isVisible(SOMEBODY, door, tool)).toBe(mildest !== 'deny')
          const both = judgeOfLevels([one, other], standing).judge(asked)
          expect(stricter(both.verdict, ruling.verdict)).toBe(both.verdict)
        },
      ),
      { numRuns: 300 },
    )
  })

  test.each<[string, Verdict, JsonObject, Verdict]>([
    ['args.amount <= 100', 'allow', { amount: 100 }, 'allow'],
    ['args.amount <= 100', 'allow', { amount: 101 }, 'deny'],
    ['args.amount <= 100', 'allow', {}, 'deny'],
    ['args.amount > 100', 'deny', { amount: 100 }, 'allow'],
    ['args.amount > 100', 'deny', { amount: 101 }, 'deny'],
    ['args.amount > 100', 'deny', {}, 'deny'],
    ['args.amount > 100', 'ask', { amount: 'many' }, 'ask'],
  ])('where %s, %s: %j gives %s', (when, verdict, given, expected) => {
    const judge = judgeOf({
      lists: [{ pattern: '*', verdict: 'allow', source: 'list' }],
      rules: [{ pattern: 'pay.*', verdict, when, source: 'rule' }],
    })
    const asked = {
      principal: SOMEBODY,
      door: 'mcp',
      tool: { server: 'pay', name: 'charge' },
      args: given,
    } as const
    expect(judge.judge(asked)).toMatchObject({ verdict: expected, isVisible: true })
    // The rule is about nothing else.
    expect(judge.judge({ ...asked, tool: { server: 'mail', name: 'send' } }).verdict).toBe('allow')
  })

  test('a rule that allows goes beyond the list of its level, for those for whom it holds', () => {
    const rule: Rule = {
      pattern: 'files.write',
      verdict: 'allow',
      when: 'principal.team == "data"',
      source: 'data',
    }
    const lists: readonly Rule[] = [{ pattern: 'files.read', verdict: 'allow', source: 'list' }]
    const tool = { server: 'files', name: 'write' }
    expect(judgeOf({ lists, rules: [rule] }).isVisible(SOMEBODY, 'mcp', tool)).toBe(false)
    expect(
      judgeOf({ lists, rules: [rule] }, { team: 'data', levels: [] }).isVisible(SOMEBODY, 'mcp', tool),
    ).toBe(true)
  })
})

describe('a call that a script makes', () => {
  const lists: readonly Rule[] = [{ pattern: '*', verdict: 'allow', source: 'list' }]
  const call = {
    principal: SOMEBODY,
    door: 'script',
    tool: { server: 'alpha', name: 'read' },
    args: {},
  } as const
  const key = (auto: readonly string[]): Standing => ({
    levels: [{ kind: 'key', id: 'ci', policy: { auto }, limits: { rates: [], budgets: [] } }],
  })

  test.each<[string, readonly string[] | undefined, Standing, Verdict]>([
    ['nobody lists it', undefined, PLAIN, 'ask'],
    ['the list of the gateway is empty', [], PLAIN, 'ask'],
    ['the gateway lists it', ['alpha.*'], PLAIN, 'allow'],
    ['only the key has a list, with it', undefined, key(['alpha.read']), 'allow'],
    ['the gateway lists it and the key does not', ['*'], key(['beta.*']), 'ask'],
    ['the key lists it and the gateway does not', ['beta.*'], key(['*']), 'ask'],
    ['both list it', ['*'], key(['alpha.read']), 'allow'],
  ])('is asked for unless it is listed: %s', (_what, auto, standing, expected) => {
    const judge = judgeOf({ lists, ...(auto === undefined ? {} : { auto }) }, standing)
    expect(judge.judge(call).verdict).toBe(expected)
    // A client's own call is explicit.
    expect(judge.judge({ ...call, door: 'mcp' }).verdict).toBe('allow')
  })

  test('is denied where it is denied, whatever is listed', () => {
    const denied = [...lists, { pattern: 'alpha.*', verdict: 'deny', source: 'no' }] as const
    expect(judgeOf({ lists: denied, auto: ['*'] }).judge(call)).toMatchObject({
      verdict: 'deny',
      isVisible: false,
    })
  })
})
