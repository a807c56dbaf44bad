import type { z } from 'zod'
import { createConditions } from '../conditions/conditions.ts'
import { GatewayError } from '../core/errors.ts'
import type { Organisation, Team, VirtualKey } from '../core/identity.ts'
import type { PolicySettings, RuleSettings } from '../core/rule.ts'
import { IDENTITY_PATTERN, levelOf, ORGANISATION, STORED_KEY, TEAM } from './schema/identity.ts'

/** What a person says of a virtual key of the store. */
export type KeySettings = Omit<VirtualKey, 'secrets' | 'createdAtMs' | 'revokedAtMs'>

/** @throws GatewayError `invalid_arguments`, with all that is wrong */
export function parseOrganisation(id: string, settings: unknown): Organisation {
  return checked({ id: parseId(id), ...levelOf(parse(ORGANISATION, settings)) })
}

/** @throws GatewayError `invalid_arguments`, with all that is wrong */
export function parseTeam(id: string, settings: unknown): Team {
  const { organisation, ...level } = parse(TEAM, settings)
  return checked({
    id: parseId(id),
    ...(organisation === undefined ? {} : { organisation }),
    ...levelOf(level),
  })
}

/** @throws GatewayError `invalid_arguments`, with all that is wrong */
export function parseKeySettings(id: string, settings: unknown): KeySettings {
  const { team, expires, ...level } = parse(STORED_KEY, settings)
  return checked({
    id: parseId(id),
    ...(team === undefined ? {} : { team }),
    ...(expires === undefined ? {} : { expiresAtMs: Date.parse(expires) }),
    ...levelOf(level),
  })
}

function parseId(id: string): string {
  if (IDENTITY_PATTERN.test(id)) return id
  throw wrong(['a name begins with a lower-case letter and has at most 63 of `a-z`, `0-9`, `_` and `-`'])
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value ?? {})
  if (parsed.success) return parsed.data
  throw wrong(
    parsed.error.issues.map(({ path, message }) =>
      path.length === 0 ? message : `\`${path.map(String).join('.').slice(0, 200)}\`: ${message}`,
    ),
  )
}

/** What the schema does not say: as the checks of a configuration, which know the lines as well. */
function checked<Level extends { readonly policy: PolicySettings }>(level: Level): Level {
  const { allow = [], ask = [], deny = [], auto = [], rules = [] } = level.policy
  const globs = [...allow, ...ask, ...deny, ...auto, ...rules.flatMap(({ tools }) => tools)]
  // A pattern without a server part matches nothing: `deny: ["delete_*"]` would silently protect nothing.
  const blind = globs.filter((glob) => !glob.includes('.') && !glob.startsWith('*'))
  const problems = [
    ...blind.map(
      (glob) => `\`${glob}\`: a pattern is \`server.tool\`; write \`*.\` in front of it to mean every server`,
    ),
    ...checkConditions(rules),
  ]
  if (problems.length > 0) throw wrong(problems)
  return level
}

function checkConditions(rules: readonly RuleSettings[]): readonly string[] {
  if (rules.every(({ when }) => when === undefined)) return []
  const conditions = createConditions()
  return rules.flatMap(({ when }, index) => {
    const problem = when === undefined ? undefined : conditions.problem(when)
    return problem === undefined ? [] : [`\`policy.rules.${index}.when\` is no condition in CEL: ${problem}`]
  })
}

const MAX_PROBLEMS = 20
const MAX_LENGTH = 500

function wrong(problems: readonly string[]): GatewayError {
  const shown = problems.slice(0, MAX_PROBLEMS).map((problem) => problem.slice(0, MAX_LENGTH))
  return new GatewayError('invalid_arguments', `The settings are not right: ${shown.join('; ')}.`, {
    detail: { problems: shown },
  })
}
