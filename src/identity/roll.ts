import { isDeepStrictEqual } from 'node:util'

import type { DeclaredIdentities, DeclaredKey } from '../config/schema/identity.ts'
import type {
  IdentityRecords,
  Level,
  LevelSettings,
  Organisation,
  Team,
  VirtualKey,
} from '../core/identity.ts'

/** One of a kind, and where it stands. */
export interface Enrolled<Kind> {
  readonly record: Kind
  /** One object for all who belong to it, for as long as it does not change: what is compiled of it is kept by it. */
  readonly level: Level
  /** True: in the configuration. False: in the store. */
  readonly isDeclared: boolean
}

/** A secret that is known. */
export interface KnownSecret {
  readonly key: string
  /** Refused from then on. */
  readonly untilMs?: number
}

/** All who may call, by name, from the configuration and the store together. Immutable. */
export interface Roll {
  readonly organisations: ReadonlyMap<string, Enrolled<Organisation>>
  readonly teams: ReadonlyMap<string, Enrolled<Team>>
  readonly keys: ReadonlyMap<string, Enrolled<VirtualKey>>
  /** By the hash of a secret: finding a key costs the same whether there are ten or ten thousand. */
  readonly secrets: ReadonlyMap<string, KnownSecret>
  /** What a person should know: where the configuration hides something of the store, and secrets that are no use. */
  readonly notes: readonly string[]
}

type Identities = Omit<IdentityRecords, 'version'>

export const NOBODY: Identities = Object.freeze({ organisations: [], teams: [], keys: [] })

/**
 * Joins both sources. Where both have the same name the configuration wins.
 *
 * @param before What is unchanged since is the same object.
 */
export function joinIdentities(declared: DeclaredIdentities, stored: Identities, before?: Roll): Roll {
  const notes: string[] = []
  const join = <Kind extends LevelSettings & { readonly id: string }>(
    what: Exclude<Level['kind'], 'gateway'>,
    ofStore: readonly Kind[],
    ofConfiguration: readonly Kind[],
    known?: ReadonlyMap<string, Enrolled<Kind>>,
  ): ReadonlyMap<string, Enrolled<Kind>> => {
    const joined = new Map<string, Enrolled<Kind>>()
    const enrol = (record: Kind, isDeclared: boolean): void => {
      const { id, policy, limits } = record
      const same = known?.get(id)
      if (same?.isDeclared === isDeclared && isDeepStrictEqual(same.record, record)) joined.set(id, same)
      else joined.set(id, { record, isDeclared, level: Object.freeze({ kind: what, id, policy, limits }) })
    }
    for (const record of ofStore) enrol(record, false)
    for (const record of ofConfiguration) {
      if (joined.has(record.id))
        notes.push(`The ${what} "${record.id}" is in the store too; that of the configuration holds.`)
      enrol(record, true)
    }
    return joined
  }
  // Of keys there may be many, and few of them are used: they are compared when they are.
  const keys = join('key', stored.keys, declared.keys.map(toVirtualKey))
  return {
    organisations: join('organisation', stored.organisations, declared.organisations, before?.organisations),
    teams: join('team', stored.teams, declared.teams, before?.teams),
    keys,
    secrets: toSecrets(keys, notes),
    notes,
  }
}

function toVirtualKey({ hash, ...key }: DeclaredKey): VirtualKey {
  return { ...key, secrets: [{ hash, hint: '' }], createdAtMs: 0 }
}

/** A secret that two keys of one source have says nothing about who calls, so it opens nothing. */
function toSecrets(
  keys: ReadonlyMap<string, Enrolled<VirtualKey>>,
  notes: string[],
): ReadonlyMap<string, KnownSecret> {
  const secrets = new Map<string, KnownSecret>()
  const sources = new Map<string, boolean>()
  const shared = new Set<string>()
  for (const { record, isDeclared } of keys.values()) {
    for (const { hash, untilMs } of record.secrets) {
      const other = secrets.get(hash)
      if (other !== undefined && other.key !== record.id) {
        if (sources.get(hash) === isDeclared) {
          notes.push(`The keys "${other.key}" and "${record.id}" have the same secret; it is refused.`)
          shared.add(hash)
        } else if (!isDeclared) continue
      }
      secrets.set(hash, { key: record.id, ...(untilMs === undefined ? {} : { untilMs }) })
      sources.set(hash, isDeclared)
    }
  }
  for (const hash of shared) secrets.delete(hash)
  return secrets
}
