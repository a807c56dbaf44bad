import { GatewayError } from '../../core/errors.ts'
import type { Base } from './base.ts'
import type { Migration, Sql, SqlTransaction } from './sql.ts'

/**
 * Brings a database up to date: all steps in one transaction. Several processes may try at the same time: the second finds it done.
 *
 * @param migrations from version 1, without gaps
 * @param nowMs wall clock, milliseconds since the epoch
 * @returns the versions that it has been through now
 * @throws GatewayError `store_newer`, `store_unusable`
 */
export async function migrate(
  base: Base,
  migrations: readonly Migration[],
  nowMs: number,
): Promise<readonly number[]> {
  // Reading alone tells in the usual case, so that a start does not wait for a writer.
  if ((await findMissing(base.sql, base, migrations)).length === 0) return []
  return base.sql.transaction().execute(async (sql) => {
    await base.prepare(sql)
    return migrateWithin(sql, base, migrations, nowMs)
  })
}

/** The same in the middle of a transaction, after `prepare`. */
export async function migrateWithin(
  sql: SqlTransaction,
  base: Base,
  migrations: readonly Migration[],
  nowMs: number,
): Promise<readonly number[]> {
  const steps = await findMissing(sql, base, migrations)
  for (const { version, up } of steps) {
    await up(sql, base.dialect)
    await sql.insertInto('migration').values({ version, appliedAtMs: nowMs }).execute()
  }
  return steps.map(({ version }) => version)
}

async function findMissing(
  sql: Sql,
  base: Base,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const version = await base.version(sql)
  const known = migrations.length
  if (version > known)
    throw new GatewayError('store_newer', `${base.where} has version ${version}, known is ${known}.`, {
      detail: { version, known },
    })
  return migrations.filter((migration) => migration.version > version)
}
