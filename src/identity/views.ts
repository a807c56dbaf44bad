import type { Organisation, Team } from '../core/identity.ts'
import type { KeyView, OrganisationView, TeamView } from '../core/identity-desk.ts'
import type { Roll } from './roll.ts'
import { findPosition } from './standing.ts'

/** An organisation as it is shown; undefined where there is none. */
export function toOrganisationView({ organisations }: Roll, id: string): OrganisationView | undefined {
  const found = organisations.get(id)
  return found === undefined
    ? undefined
    : { id, isDeclared: found.isDeclared, settings: withoutId<Organisation>(found.record) }
}

/** A team as it is shown; undefined where there is none. */
export function toTeamView({ teams }: Roll, id: string): TeamView | undefined {
  const found = teams.get(id)
  return found === undefined
    ? undefined
    : { id, isDeclared: found.isDeclared, settings: withoutId<Team>(found.record) }
}

/** A key as it is shown; undefined where there is none. */
export function toKeyView(roll: Roll, id: string, nowMs: number): KeyView | undefined {
  const found = roll.keys.get(id)
  if (found === undefined) return undefined
  const { title, team, policy, limits, secrets, createdAtMs, expiresAtMs, revokedAtMs } = found.record
  return {
    id,
    isDeclared: found.isDeclared,
    state: stateOf(roll, id, nowMs),
    settings: {
      ...(title === undefined ? {} : { title }),
      ...(team === undefined ? {} : { team }),
      ...(expiresAtMs === undefined ? {} : { expires: toIso(expiresAtMs) }),
      policy,
      limits,
    },
    secrets: secrets
      .filter(({ hint, untilMs }) => hint !== '' && (untilMs === undefined || untilMs > nowMs))
      .map(({ hint, untilMs }) => ({ hint, ...(untilMs === undefined ? {} : { until: toIso(untilMs) }) })),
    ...(found.isDeclared ? {} : { createdAt: toIso(createdAtMs) }),
    ...(revokedAtMs === undefined ? {} : { revokedAt: toIso(revokedAtMs) }),
  }
}

function stateOf(roll: Roll, id: string, nowMs: number): KeyView['state'] {
  const { revokedAtMs } = roll.keys.get(id)?.record ?? {}
  const { refusal, expiresAtMs } = findPosition(roll, id) ?? {}
  if (revokedAtMs !== undefined) return 'revoked'
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) return 'expired'
  return refusal === undefined ? 'active' : 'orphaned'
}

function withoutId<Kind extends { readonly id: string }>({ id: _id, ...settings }: Kind): Omit<Kind, 'id'> {
  return settings
}

function toIso(atMs: number): string {
  return new Date(atMs).toISOString()
}
