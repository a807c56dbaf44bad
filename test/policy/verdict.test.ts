import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Rule, Verdict } from '../../src/core/rule.ts'
import { toolKey } from '../../src/core/tool.ts'
import { matchesGlob } from '../../src/policy/glob.ts'
import { admit, isVisible, stricter } from '../../src/policy/verdict.ts'
import { SOMEBODY } from './call-of.ts'

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
        expect(ruling.rule === undefined).toBe(matching.length === 0)
        if (ruling.rule !== undefined) {
          expect(matching).toContain(ruling.rule)
          expect(ruling.rule.verdict).toBe(expected)
        }
      }),
    )
  })

  test('does not depend on the order of the rules, and a rule said twice counts once', () => {
    fc.assert(
      fc.property(tools, rules, rules, (tool, one, other) => {
        const { verdict } = admit(SOMEBODY, tool, [...one, ...other])
        expect(admit(SOMEBODY, tool, [...other, ...one]).verdict).toBe(verdict)
        expect(admit(SOMEBODY, tool, [...one, ...other, ...one]).verdict).toBe(verdict)
      }),
    )
  })

  test('never becomes milder by one more rule where one has matched', () => {
    fc.assert(
      fc.property(tools, rules, rules, (tool, one, more) => {
        const before = admit(SOMEBODY, tool, one)
        fc.pre(before.rule !== undefined)
        const { verdict } = admit(SOMEBODY, tool, [...one, ...more])
        expect(stricter(verdict, before.verdict)).toBe(verdict)
      }),
    )
  })

  test('makes a tool visible only where it is allow', () => {
    fc.assert(
      fc.property(tools, rules, (tool, all) => {
        expect(isVisible(SOMEBODY, tool, all)).toBe(admit(SOMEBODY, tool, all).verdict === 'allow')
      }),
    )
  })
})
