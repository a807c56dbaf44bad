import type { Conditions, Facts } from '../conditions/conditions.ts'
import type { Call, Door } from '../core/call.ts'
import type { Level, Standing, Standings } from '../core/identity.ts'
import type { JsonObject } from '../core/json.ts'
import type { Principal } from '../core/principal.ts'
import type { Verdict } from '../core/rule.ts'
import { toolKey, type ToolRef } from '../core/tool.ts'
import { matchesGlob } from '../core/glob.ts'
import { compileLevel, judgeLevel, type LevelCase, type LevelPolicy } from './level.ts'
import type { Classification } from './read-only.ts'
import { stricter, stricterRuling, type Ruling } from './verdict.ts'

/** What the judge knows. */
export interface JudgeParts {
  /** The levels that hold for everybody, the outermost first. */
  readonly common: readonly LevelPolicy[]
  readonly standings: Standings
  readonly conditions: Conditions
  readonly classification: Classification
}

/** A verdict over a call, with what held for its principal. */
export interface Judgement extends Ruling {
  readonly standing: Standing
  /** True where other arguments would be allowed: then the tool is no secret. */
  readonly isVisible: boolean
}

/** What one level says, for the person who asks why. */
export interface Finding extends Ruling {
  readonly level: string
  /** True where the arguments decide. */
  readonly isConditional: boolean
}

/**
 * Decides who may do what. The only place that does: the same function filters lists, searches, stubs, bindings and calls, through every
 * door. Visible is what some arguments would be allowed to.
 */
export interface Judge {
  /** @throws GatewayError `key_revoked` */
  readonly isVisible: (principal: Principal, door: Door, tool: ToolRef) => boolean
  /** @throws GatewayError `key_revoked` */
  readonly judge: (call: Pick<Call, 'principal' | 'door' | 'tool' | 'args'>) => Judgement
  /** Level by level. Without arguments: what the mildest verdict is. */
  readonly explain: (principal: Principal, door: Door, tool: ToolRef, args?: JsonObject) => readonly Finding[]
}

/** What the levels come to together. */
export function verdictOf(findings: readonly Finding[]): Verdict {
  return findings.map(({ verdict }) => verdict).reduce(stricter)
}

/** Doors at which nobody has asked for the single call: a script or an agent makes it. */
const AUTONOMOUS: ReadonlySet<Door> = new Set<Door>(['script'])

/** Cases that are remembered, over all principals. */
const MAX_CASES = 100_000
/** Characters. */
const MAX_KEPT_NAME = 256

interface Case {
  readonly facts: Facts
  readonly levels: readonly { readonly title: string; readonly found: LevelCase }[]
  readonly mildest: Ruling
  /** The strictest of the levels that the arguments mean nothing to; absent where there is none. */
  readonly fixed: Ruling | undefined
  /** The other levels. */
  readonly open: readonly NonNullable<LevelCase['decide']>[]
}

interface Known {
  readonly standing: Standing
  readonly cases: Map<string, Case>
}

export function createJudge({ common, standings, conditions, classification }: JudgeParts): Judge {
  const compiled = new WeakMap<Level, LevelPolicy>()
  let known = new WeakMap<Principal, Known>()
  let count = 0

  const policyOf = (level: Level): LevelPolicy => {
    let policy = compiled.get(level)
    if (policy === undefined) {
      policy = compileLevel(level.policy, `the ${level.kind} ${level.id}`, `${level.kind}s.${level.id}`)
      compiled.set(level, policy)
    }
    return policy
  }

  const makeCase = (principal: Principal, standing: Standing, door: Door, tool: ToolRef): Case => {
    const facts = factsOf(principal, standing, door, tool, classification)
    const policies = [...common, ...standing.levels.map(policyOf), ...scopeOf(principal)]
    const levels = policies.map((policy) => ({
      title: policy.title,
      found: judgeLevel(policy, tool, facts, conditions),
    }))
    const asked = AUTONOMOUS.has(door) && tool.kind === undefined ? notAutonomous(policies, tool) : undefined
    if (asked !== undefined) levels.push({ title: 'autonomous calls', found: { mildest: asked } })
    return {
      facts,
      levels,
      mildest: levels.map(({ found }) => found.mildest).reduce(stricterRuling),
      fixed: levels
        .filter(({ found }) => found.decide === undefined)
        .map(({ found }) => found.mildest)
        .reduce<Ruling | undefined>(stricterOf, undefined),
      open: levels.flatMap(({ found }) => found.decide ?? []),
    }
  }

  const caseOf = (principal: Principal, door: Door, tool: ToolRef): readonly [Standing, Case] => {
    const standing = standings.of(principal)
    let mine = known.get(principal)
    if (mine?.standing !== standing) known.set(principal, (mine = { standing, cases: new Map() }))
    // What resources and methods are called, callers make up: their names are not kept.
    if (tool.kind !== undefined || tool.name.length > MAX_KEPT_NAME)
      return [standing, makeCase(principal, standing, door, tool)]
    const key = `${door} ${toolKey(tool)}`
    let found = mine.cases.get(key)
    if (found === undefined) {
      found = makeCase(principal, standing, door, tool)
      // Principals and tools are many: all is forgotten together, and found out again.
      if (++count > MAX_CASES) {
        count = 0
        known = new WeakMap()
      } else mine.cases.set(key, found)
    }
    return [standing, found]
  }

  return {
    isVisible: (principal, door, tool) => caseOf(principal, door, tool)[1].mildest.verdict !== 'deny',
    judge({ principal, door, tool, args }) {
      const [standing, { facts, fixed, open, mildest }] = caseOf(principal, door, tool)
      const isVisible = mildest.verdict !== 'deny'
      if (open.length === 0 || !isVisible) return { ...mildest, standing, isVisible }
      const told = { ...facts, args }
      let ruling = fixed
      for (const decide of open) ruling = stricterOf(ruling, decide(told))
      return { ...(ruling ?? mildest), standing, isVisible }
    },
    explain(principal, door, tool, args) {
      const { facts, levels } = makeCase(principal, standings.of(principal), door, tool)
      return levels.map(({ title, found }) => ({
        level: title,
        isConditional: found.decide !== undefined,
        ...(args === undefined ? found.mildest : (found.decide?.({ ...facts, args }) ?? found.mildest)),
      }))
    },
  }
}

function stricterOf(before: Ruling | undefined, next: Ruling): Ruling {
  return before === undefined ? next : stricterRuling(before, next)
}

function factsOf(
  { id, kind }: Principal,
  { organisation = '', team = '', key = '' }: Standing,
  door: Door,
  tool: ToolRef,
  { readOnly, writes }: Classification,
): Facts {
  const name = toolKey(tool)
  const isAmong = (globs: readonly string[]): boolean => globs.some((glob) => matchesGlob(glob, name))
  return {
    principal: { id, kind, organisation, team, key },
    tool: {
      server: tool.server,
      name: tool.name,
      key: name,
      kind: tool.kind ?? 'tool',
      // The word of the server counts for nothing here.
      readOnly: isAmong(readOnly) && !isAmong(writes),
    },
    door,
    args: {},
  }
}

/** The endpoint that a principal came in by is a level too. */
function scopeOf({ scope }: Principal): readonly LevelPolicy[] {
  return scope === undefined ? [] : [{ title: 'the endpoint', lists: scope, rules: [] }]
}

/** Every list of tools that may be called by themselves has to have it, and there has to be one. */
function notAutonomous(policies: readonly LevelPolicy[], tool: ToolRef): Ruling | undefined {
  const key = toolKey(tool)
  const lists = policies.flatMap(({ auto, title }) => (auto === undefined ? [] : [{ auto, title }]))
  const without = lists.find(({ auto }) => !auto.some((glob) => matchesGlob(glob, key)))
  if (lists.length > 0 && without === undefined) return undefined
  return { verdict: 'ask', source: `not in \`auto\` of ${without?.title ?? 'the gateway'}` }
}
