import type { Facts, Condition, Conditions } from '../conditions/conditions.ts'
import type { PolicySettings, Rule, RuleSettings, Verdict } from '../core/rule.ts'
import type { ToolRef } from '../core/tool.ts'
import { isAbout, type Ruling } from './verdict.ts'

/** The policy of one level, ready to be asked. */
export interface LevelPolicy {
  /** For people: `the gateway`, `the key ci`. */
  readonly title: string
  /** What stands in lists. */
  readonly lists: readonly Rule[]
  /** What stands in rules. Where some of them allow a tool, one of them has to hold, whatever the lists say. */
  readonly rules: readonly Rule[]
  /** Absent: the level says nothing about who may call by itself. */
  readonly auto?: readonly string[]
}

/** A level and one tool: what is left to be decided when the arguments are known. */
export interface LevelCase {
  /** The mildest verdict that some arguments may get. */
  readonly mildest: Ruling
  /** The verdict for these arguments. Absent: they do not matter. */
  readonly decide?: (facts: Facts) => Ruling
}

/** Isogate's own tools are allowed unless a rule denies them: a list of tools is about those of servers. */
export const OWN_RULES: readonly Rule[] = [{ pattern: 'code.*', verdict: 'allow', source: 'built-in' }]

/** Compiles the policy of an organisation, a team or a key. Where it lists nothing it allows all that the levels above allow. */
export function compileLevel(policy: PolicySettings, title: string, path: string): LevelPolicy {
  const listed = (verdict: Verdict): readonly Rule[] =>
    (policy[verdict] ?? []).map((pattern, index) => ({
      pattern,
      verdict,
      source: `${path}.policy.${verdict}[${index}]`,
    }))
  const everything: Rule = { pattern: '*', verdict: 'allow', source: path }
  return {
    title,
    lists: [
      ...(policy.allow === undefined ? [everything] : [...OWN_RULES, ...listed('allow')]),
      ...listed('ask'),
      ...listed('deny'),
    ],
    rules: compileRules(policy.rules ?? [], `${path}.policy`),
    ...(policy.auto === undefined ? {} : { auto: policy.auto }),
  }
}

/** Rules as people write them, one for each glob. */
export function compileRules(rules: readonly RuleSettings[], path: string): readonly Rule[] {
  return rules.flatMap(({ tools, verdict, when, name }, index) =>
    tools.map((pattern) => ({
      pattern,
      verdict,
      ...(when === undefined ? {} : { when }),
      source: name ?? `${path}.rules[${index}]`,
    })),
  )
}

const STRICTEST_FIRST: readonly Verdict[] = ['deny', 'ask', 'allow']

interface Conditional {
  readonly rule: Rule
  readonly condition: Condition
}

/**
 * What a level says of a tool. Conditions that do not look at the arguments are decided here. One that cannot be told is safe: it denies or asks
 * where its rule does, and allows nothing.
 */
export function judgeLevel(
  { lists, rules }: LevelPolicy,
  tool: ToolRef,
  facts: Facts,
  conditions: Conditions,
): LevelCase {
  const open: Conditional[] = []
  const holding: Rule[] = []
  let allowing = 0
  for (const rule of rules) {
    if (!isAbout(rule, tool)) continue
    if (rule.verdict === 'allow') allowing += 1
    if (rule.when === undefined) {
      holding.push(rule)
      continue
    }
    const condition = conditions.compile(rule.when)
    if (condition.usesArguments) open.push({ rule, condition })
    else if (holds(rule, condition.test(facts))) holding.push(rule)
  }
  // Where rules allow a tool, they say more exactly than the lists who may use it.
  const listed = lists.filter((rule) => isAbout(rule, tool) && (allowing === 0 || rule.verdict !== 'allow'))
  const fixed = strictestOf([...listed, ...holding])
  const missing: Ruling =
    allowing === 0
      ? { verdict: 'deny' }
      : {
          verdict: 'deny',
          source: rules.find((rule) => rule.verdict === 'allow' && isAbout(rule, tool))?.source ?? '',
        }
  if (open.length === 0 || fixed?.verdict === 'deny') return { mildest: fixed ?? missing }
  const possible = (verdict: Verdict): Ruling | undefined =>
    toRuling(open.find(({ rule }) => rule.verdict === verdict)?.rule)
  const steps = STRICTEST_FIRST.map((verdict) => ({
    verdict,
    conditional: open.filter(({ rule }) => rule.verdict === verdict),
  }))
  return {
    mildest: fixed ?? possible('allow') ?? possible('ask') ?? missing,
    // Nothing is made here: each call comes by.
    decide(known) {
      for (const { verdict, conditional } of steps) {
        for (const { rule, condition } of conditional) {
          if (holds(rule, condition.test(known))) return toRuling(rule) ?? missing
        }
        if (fixed?.verdict === verdict) return fixed
      }
      return missing
    },
  }
}

function toRuling(rule: Rule | undefined): Ruling | undefined {
  return rule === undefined ? undefined : { verdict: rule.verdict, source: rule.source }
}

function holds({ verdict }: Rule, found: boolean | 'error'): boolean {
  return found === 'error' ? verdict !== 'allow' : found
}

/** The strictest; nothing where there is none. */
function strictestOf(rules: readonly Rule[]): Ruling | undefined {
  for (const verdict of STRICTEST_FIRST) {
    const found = rules.find((rule) => rule.verdict === verdict)
    if (found !== undefined) return { verdict, source: found.source }
  }
  return undefined
}
