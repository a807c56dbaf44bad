import { GatewayError } from '../../src/core/errors.ts'
import type { IdentityRecords, IdentityStore } from '../../src/core/identity.ts'

/** A store that can be out of order, or slow to answer, when a test wants it so. */
export interface MemoryIdentities extends IdentityStore {
  fault: Error | undefined
  /** Awaited before each answer to `load`. */
  hold: Promise<void> | undefined
}

/** Organisations, teams and keys in memory, as the port describes them. */
export function createMemoryIdentities(): MemoryIdentities {
  let version = 1
  const tables = { organisations: new Map(), teams: new Map(), keys: new Map() } as const
  const reach = (): void => {
    if (store.fault !== undefined) throw store.fault
  }
  const put =
    (table: Map<string, { id: string }>) =>
    async (record: { id: string }, isNew: boolean): Promise<void> => {
      reach()
      if (isNew === table.has(record.id))
        throw new GatewayError(isNew ? 'already_there' : 'not_there', record.id)
      table.set(record.id, structuredClone(record))
      version += 1
    }
  const remove =
    (table: Map<string, unknown>) =>
    async (id: string): Promise<boolean> => {
      reach()
      version += 1
      return table.delete(id)
    }
  const store: MemoryIdentities = {
    fault: undefined,
    hold: undefined,
    version: async () => {
      reach()
      return version
    },
    load: async () => {
      reach()
      // As it is now, whenever it is handed over.
      const records = structuredClone({
        version,
        organisations: [...tables.organisations.values()],
        teams: [...tables.teams.values()],
        keys: [...tables.keys.values()],
      }) as IdentityRecords
      await store.hold
      return records
    },
    putOrganisation: put(tables.organisations),
    putTeam: put(tables.teams),
    putKey: put(tables.keys),
    removeOrganisation: remove(tables.organisations),
    removeTeam: remove(tables.teams),
    removeKey: remove(tables.keys),
  }
  return store
}
