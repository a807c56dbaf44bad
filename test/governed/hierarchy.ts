import fc from 'fast-check'

import type { Door } from '../../src/core/call.ts'
import { matchesGlob } from '../../src/core/glob.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { toolKey, type ToolRef } from '../../src/core/tool.ts'

export const SERVERS = ['alpha', 'beta']
export const NAMES = ['read', 'write', 'get-secret', 'delete everything']
/** The arguments that every tool is called with. */
export const ARGUMENTS: readonly JsonObject[] = [{}, { n: 1 }, { n: 3 }]
export const READ_ONLY = ['*.read']

/** What a condition may look at, here. */
interface Facts {
  readonly team: string
  readonly key: string
  readonly door: Door
  readonly tool: ToolRef
  readonly args: JsonObject
}

type Holds = boolean | 'error'

/** Conditions in CEL, each beside what it means. */
const CONDITIONS: Readonly<Record<string, (facts: Facts) => Holds>> = {
  'args.n > 2': ({ args }) => (typeof args['n'] === 'number' ? args['n'] > 2 : 'error'),
  'args.n <= 2': ({ args }) => (typeof args['n'] === 'number' ? args['n'] <= 2 : 'error'),
  'has(args.n)': ({ args }) => args['n'] !== undefined,
  '!has(args.n)': ({ args }) => args['n'] === undefined,
  'args.nowhere == 1': () => 'error',
  'door == "script"': ({ door }) => door === 'script',
  'door != "mcp"': ({ door }) => door !== 'mcp',
  'door == "rest" && has(args.n)': ({ door, args }) => door === 'rest' && args['n'] !== undefined,
  'principal.team == "data"': ({ team }) => team === 'data',
  'principal.key == "single"': ({ key }) => key === 'single',
  'tool.readOnly': ({ tool }) => READ_ONLY.some((glob) => matchesGlob(glob, toolKey(tool))),
  'tool.name == "write" && args.n == 1': ({ tool, args }) =>
    tool.name === 'write' && (args['n'] === undefined ? 'error' : args['n'] === 1),
}

type Verdict = 'allow' | 'ask' | 'deny'

/** A rule as it is written, always with a condition where one is given. */
interface RuleSeed {
  readonly tools: readonly string[]
  readonly verdict: Verdict
  readonly when?: string
}

interface PolicySeed {
  readonly allow?: readonly string[]
  readonly ask: readonly string[]
  readonly deny: readonly string[]
  readonly auto?: readonly string[]
  readonly rules: readonly RuleSeed[]
}

const glob = fc.constantFrom(
  '*',
  'alpha.*',
  'beta.*',
  '*.read',
  '*.?rite',
  '*secret*',
  'alpha.delete*',
  'beta.write',
)
const narrow = fc.constantFrom('*.read', '*.?rite', '*secret*', 'alpha.delete*', 'beta.write', 'beta.*')
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 })
const rule = fc.record(
  {
    tools: fc.array(glob, { minLength: 1, maxLength: 2 }),
    verdict: fc.constantFrom<Verdict>('allow', 'ask', 'deny'),
    when: fc.constantFrom(...Object.keys(CONDITIONS)),
  },
  { requiredKeys: ['tools', 'verdict'] },
)
const policy: fc.Arbitrary<PolicySeed> = fc
  .record({
    allow: maybe(fc.array(glob, { maxLength: 3 })),
    ask: fc.array(narrow, { maxLength: 1 }),
    deny: fc.array(narrow, { maxLength: 1 }),
    auto: maybe(fc.array(glob, { maxLength: 3 })),
    rules: fc.array(rule, { maxLength: 2 }),
  })
  .map(({ allow, auto, ...policySeed }) => ({
    ...policySeed,
    ...(allow === undefined ? {} : { allow }),
    ...(auto === undefined ? {} : { auto }),
  }))

/** Tools, and the policy of each level. */
export const hierarchies = fc.record({
  tools: fc.record({
    alpha: fc.subarray(NAMES),
    beta: fc.subarray(NAMES),
  }),
  gateway: policy.map(({ allow: _allow, ...others }) => others),
  organisation: policy,
  team: policy,
  member: policy,
  single: policy,
  /** Whether a script is run too, which costs as much as all the rest. */
  isScriptRun: fc.nat({ max: 3 }).map((number) => number === 0),
})

export type Hierarchy = typeof hierarchies extends fc.Arbitrary<infer Seed> ? Seed : never

/** Who calls: keys at each height of the hierarchy, and the holder of the token of the gateway. */
export const WHO = ['member', 'lone', 'single', 'token'] as const
export type Who = (typeof WHO)[number]

/** The levels that hold for somebody, worked out without the gateway. */
function levelsOf(
  { gateway, organisation, team, member, single }: Hierarchy,
  who: Who,
): readonly PolicySeed[] {
  if (who === 'member') return [gateway, organisation, team, member]
  // Of a team without an organisation.
  if (who === 'lone') return [gateway, team, single]
  return who === 'single' ? [gateway, single] : [gateway]
}

const STRICTEST: readonly Verdict[] = ['deny', 'ask', 'allow']
const strictest = (verdicts: readonly Verdict[]): Verdict =>
  STRICTEST.find((verdict) => verdicts.includes(verdict)) ?? 'deny'

/** What the documentation says of a call: docs/governance.md, "Rules". Slow and simple. */
export function expectedVerdict(
  seed: Hierarchy,
  who: Who,
  door: Door,
  tool: ToolRef,
  args: JsonObject,
): Verdict {
  const key = toolKey(tool)
  const isIn = (globs: readonly string[]): boolean => globs.some((each) => matchesGlob(each, key))
  const levels = levelsOf(seed, who)
  const team = { member: 'data', lone: 'others', single: '', token: '' }[who]
  const facts: Facts = { team, key: who === 'token' ? '' : who, door, tool, args }
  const ofLevel = ({ allow, ask, deny, rules }: PolicySeed): Verdict => {
    const about = rules.filter(({ tools }) => isIn(tools))
    const holding = about.filter(({ verdict, when }) => {
      const holds = when === undefined ? true : (CONDITIONS[when]?.(facts) ?? 'error')
      return holds === 'error' ? verdict !== 'allow' : holds
    })
    const areAllowedByRules = about.some(({ verdict }) => verdict === 'allow')
    return strictest([
      ...holding.map(({ verdict }) => verdict),
      ...(isIn(deny) ? (['deny'] as const) : []),
      ...(isIn(ask) ? (['ask'] as const) : []),
      ...(!areAllowedByRules && (allow === undefined || isIn(allow)) ? (['allow'] as const) : []),
    ])
  }
  const lists = levels.flatMap(({ auto }) => (auto === undefined ? [] : [auto]))
  const isAutonomous = lists.length > 0 && lists.every(isIn)
  return strictest([
    ...levels.map(ofLevel),
    ...(door === 'script' && !isAutonomous ? (['ask'] as const) : []),
  ])
}
