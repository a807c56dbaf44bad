import type { Standing } from '../core/identity.ts'
import type { Roll } from './roll.ts'

/** What a key may do, as far as that does not depend on the time. */
export interface Position {
  readonly standing: Standing
  /** The records that it was made from: as long as they are the same, so is the standing. */
  readonly sources: readonly object[]
  /** Why the key is refused, as a sentence; absent where it is not. */
  readonly refusal?: string
  readonly expiresAtMs?: number
  /** True where a part of it stands in the store, which may have changed since it was read. */
  readonly isStored: boolean
}

/** What holds for whoever is no virtual key: the policy of the gateway alone. */
export const NO_STANDING: Standing = Object.freeze({ levels: Object.freeze([]) })

/**
 * Finds the levels that hold for a key. Where a level is missing the key is refused: nobody knows what it would have forbidden.
 *
 * @returns undefined where there is no such key
 */
export function findPosition(roll: Roll, id: string): Position | undefined {
  const key = roll.keys.get(id)
  if (key === undefined) return undefined
  const { team: teamId, expiresAtMs, revokedAtMs } = key.record
  const team = teamId === undefined ? undefined : roll.teams.get(teamId)
  const organisationId = team?.record.organisation
  const organisation = organisationId === undefined ? undefined : roll.organisations.get(organisationId)
  const refusal =
    revokedAtMs !== undefined
      ? `The key "${id}" was revoked.`
      : teamId !== undefined && team === undefined
        ? `The team of the key "${id}" is gone.`
        : organisationId !== undefined && organisation === undefined
          ? `The organisation of the key "${id}" is gone.`
          : undefined
  const found = [organisation, team, key].filter((each) => each !== undefined)
  return {
    standing: Object.freeze({
      ...(organisationId === undefined ? {} : { organisation: organisationId }),
      ...(teamId === undefined ? {} : { team: teamId }),
      key: id,
      levels: Object.freeze(found.map(({ level }) => level)),
    }),
    sources: found.map(({ record }) => record),
    ...(refusal === undefined ? {} : { refusal }),
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    isStored: found.some(({ isDeclared }) => !isDeclared),
  }
}
