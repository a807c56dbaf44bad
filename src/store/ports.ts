import type { Clock } from '../core/ports.ts'
import type { Seal } from '../core/seal.ts'
import type { StoreLimits } from './limits.ts'
import type { DialectName, Sql } from './sql/sql.ts'

/** What each part of the store is made with. */
export interface PartPorts {
  /** What it commits is on the disk when its promise resolves. */
  readonly sql: Sql
  /** The same database for what may be lost: a power cut may take the last seconds, a killed process loses nothing. */
  readonly looseSql: Sql
  readonly dialect: DialectName
  /** The file of SQLite, absolute. Absent: in memory, or PostgreSQL. */
  readonly path?: string
  readonly clock: Clock
  readonly limits: StoreLimits
  /** That many unguessable bytes. */
  readonly random: (bytes: number) => Buffer
  /** For columns that hold values of people. */
  readonly seal: Seal
  /** Runs work on the database; its failures become GatewayErrors. */
  readonly attempt: <Value>(work: () => Promise<Value>) => Promise<Value>
  /** The same for what may be lost: where it fails the fault is reported, and `fallback` is what there is. */
  readonly forgive: <Value>(fallback: Value, work: () => Promise<Value>) => Promise<Value>
}
