import type { Kysely, Transaction } from 'kysely'

import type { Tables } from './tables.ts'

/** The database, whichever it is. `transaction()` is BEGIN IMMEDIATE in SQLite, READ COMMITTED in PostgreSQL. */
export type Sql = Kysely<Tables>

/** The database in the middle of a transaction. */
export type SqlTransaction = Transaction<Tables>

/** What the database is, where a statement has to know it. */
export type DialectName = 'sqlite' | 'postgres'

/** One step of the schema. One that was released is never changed, only followed by another. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number
  /** Runs within the transaction of the whole migration. */
  readonly up: (sql: SqlTransaction, dialect: DialectName) => Promise<void>
}
