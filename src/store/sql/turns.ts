import type { DialectName, SqlTransaction } from './sql.ts'

import { sql as raw } from 'kysely'

/**
 * Lets the transactions that give the same name go one after the other, until each has ended. SQLite has one writer at a time anyway.
 *
 * @param name one of a few; others of the same hash wait as well
 */
export async function takeTurn(sql: SqlTransaction, dialect: DialectName, name: string): Promise<void> {
  if (dialect === 'postgres')
    await raw`SELECT pg_advisory_xact_lock(${TURNS}::int, hashtext(${name}))`.execute(sql)
}

/** "isog": keeps our locks apart from those of other programs in the same database. */
const TURNS = 0x69736f67
