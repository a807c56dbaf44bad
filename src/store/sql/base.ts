import type { GatewayError } from '../../core/errors.ts'
import type { DialectName, Sql, SqlTransaction } from './sql.ts'

/** A database that is open: what SQLite and PostgreSQL have to give. */
export interface Base {
  readonly dialect: DialectName
  /** What it is, for a person: a file or an address. Never a password. */
  readonly where: string
  /** What it commits is on the disk when its promise resolves. */
  readonly sql: Sql
  /** The same database for what may be lost in a power cut. */
  readonly looseSql: Sql
  /** Where the tables are, in PostgreSQL. */
  readonly schema?: string
  /** The file of SQLite. Absent: in memory, or PostgreSQL. */
  readonly path?: string
  /** The version of its schema, 0 where it is empty. @throws GatewayError `store_unusable`: it belongs to another program */
  readonly version: (sql: Sql) => Promise<number>
  /** Makes it ours, within the transaction of a migration; whoever else wants to migrate it waits from here on. */
  readonly prepare: (sql: SqlTransaction) => Promise<void>
  /** Something was or will be written. */
  readonly wrote: () => void
  /** Gives room back to the disk, a little at a time. @returns true where there is more to give */
  readonly tidy: () => Promise<boolean>
  readonly toError: (thrown: unknown) => GatewayError
  readonly close: () => Promise<void>
}
