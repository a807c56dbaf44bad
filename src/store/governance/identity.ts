import { sql as raw } from 'kysely'

import { GatewayError } from '../../core/errors.ts'
import type { IdentityStore, Organisation, Team, VirtualKey } from '../../core/identity.ts'
import { isKey } from '../keys.ts'
import type { PartPorts } from '../ports.ts'
import type { SqlTransaction } from '../sql/sql.ts'
import type { OrganisationTable, TeamTable, VirtualKeyTable } from './tables.ts'

type Table = 'organisation' | 'team' | 'virtualKey'

const VERSION = 'identity'

/** Organisations, teams and virtual keys. Each change and the growing of the version are one transaction. */
export function createIdentity({ sql, limits, attempt }: PartPorts): IdentityStore {
  const version = async (): Promise<number> => {
    const row = await sql
      .selectFrom('mark')
      .select('value')
      .where('name', '=', VERSION)
      .executeTakeFirstOrThrow()
    return row.value
  }

  const change = <Value>(work: (transaction: SqlTransaction) => Promise<Value>): Promise<Value> =>
    attempt(() =>
      sql.transaction().execute(async (transaction) => {
        // First of all: changes wait for each other here, so that none is hidden behind an older version.
        await transaction
          .updateTable('mark')
          .set((row) => ({ value: row('value', '+', 1) }))
          .where('name', '=', VERSION)
          .execute()
        return work(transaction)
      }),
    )

  /** @param changes what is written where it is there already */
  async function put(
    table: Table,
    { id, ...row }: OrganisationTable | TeamTable | VirtualKeyTable,
    isNew: boolean,
    changes: object = row,
  ): Promise<void> {
    if (id === '' || !isKey(id, limits))
      throw new GatewayError('bad_request', `A name has 1 to ${limits.keyChars} characters.`)
    await change(async (transaction) => {
      const written = isNew
        ? await transaction
            .insertInto(table as 'organisation')
            .values({ id, ...row })
            .onConflict((conflict) => conflict.doNothing())
            .executeTakeFirst()
        : await transaction
            .updateTable(table as 'organisation')
            .set(changes)
            .where('id', '=', id)
            .executeTakeFirst()
      const count = 'numUpdatedRows' in written ? written.numUpdatedRows : written.numInsertedOrUpdatedRows
      if (count === 1n) return
      if (isNew) throw new GatewayError('already_there', `There is a \`${id}\` already.`)
      throw new GatewayError('not_there', `There is no \`${id}\`.`)
    })
  }

  const remove = (table: Table, id: string): Promise<boolean> =>
    change(
      async (transaction) =>
        (await transaction.deleteFrom(table).where('id', '=', id).executeTakeFirst()).numDeletedRows === 1n,
    )

  return {
    version: () => attempt(version),
    load: () =>
      attempt(async () => {
        // The version first: what is loaded may be newer than it, never older. Keys before the teams that they belong to.
        const loaded = await version()
        const keys = await sql.selectFrom('virtualKey').selectAll().orderBy('id').execute()
        const teams = await sql.selectFrom('team').selectAll().orderBy('id').execute()
        const organisations = await sql.selectFrom('organisation').selectAll().orderBy('id').execute()
        return {
          version: loaded,
          organisations: organisations.map(toLevel),
          teams: teams.map(toTeam),
          keys: keys.map(toKey),
        }
      }),
    putOrganisation: (organisation, isNew) => put('organisation', fromLevel(organisation), isNew),
    putTeam: (team, isNew) =>
      put('team', { ...fromLevel(team), organisation: team.organisation ?? null }, isNew),
    putKey: (key, isNew) => {
      const row = fromKey(key)
      const { id: _, ...changes } = row
      // Whoever changes something else at the same time must not bring a revoked key back.
      const revokedAtMs = raw`coalesce("revokedAtMs", ${row.revokedAtMs})`
      return put('virtualKey', row, isNew, { ...changes, revokedAtMs })
    },
    removeOrganisation: (id) => remove('organisation', id),
    removeTeam: (id) => remove('team', id),
    removeKey: (id) => remove('virtualKey', id),
  }
}

function fromLevel({ id, title, policy, limits }: Organisation): OrganisationTable {
  return { id, title: title ?? null, policy: JSON.stringify(policy), limits: JSON.stringify(limits) }
}

function fromKey(key: VirtualKey): VirtualKeyTable {
  const { team, secrets, createdAtMs, expiresAtMs, revokedAtMs } = key
  return {
    ...fromLevel(key),
    team: team ?? null,
    secrets: JSON.stringify(secrets),
    createdAtMs,
    expiresAtMs: expiresAtMs ?? null,
    revokedAtMs: revokedAtMs ?? null,
  }
}

function toLevel({ id, title, policy, limits }: OrganisationTable): Organisation {
  return {
    id,
    ...(title === null ? {} : { title }),
    policy: JSON.parse(policy) as Organisation['policy'],
    limits: JSON.parse(limits) as Organisation['limits'],
  }
}

function toTeam({ organisation, ...level }: TeamTable): Team {
  return { ...toLevel(level), ...(organisation === null ? {} : { organisation }) }
}

function toKey({
  team,
  secrets,
  createdAtMs,
  expiresAtMs,
  revokedAtMs,
  ...level
}: VirtualKeyTable): VirtualKey {
  return {
    ...toLevel(level),
    ...(team === null ? {} : { team }),
    secrets: JSON.parse(secrets) as VirtualKey['secrets'],
    createdAtMs,
    ...(expiresAtMs === null ? {} : { expiresAtMs }),
    ...(revokedAtMs === null ? {} : { revokedAtMs }),
  }
}
