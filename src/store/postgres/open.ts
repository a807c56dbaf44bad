import { Kysely } from 'kysely'
import pg from 'pg'

import { GatewayError } from '../../core/errors.ts'
import type { Base } from '../sql/base.ts'
import { executeAll, readNumber } from '../sql/execute.ts'
import type { SqlTransaction } from '../sql/sql.ts'
import type { Tables } from '../sql/tables.ts'
import { createPostgresDialect } from './dialect.ts'
import { toPostgresError } from './faults.ts'

/** All tables are in a schema of our own: the database may have those of others. */
const SCHEMA = 'isogate'
/** "isog": the lock of a migration. */
const MIGRATION_LOCK = 0x69736f67
const CONNECTIONS = 10
/** To connect, or to wait for a connection that others use. */
const CONNECT_MS = 10_000
/** Of the server; the client waits a little longer for its answer. */
const STATEMENT_MS = 30_000
const ANSWER_MS = 35_000
const IDLE_MS = 60_000

/** Type numbers of what is read as a number. Source: PostgreSQL, src/include/catalog/pg_type.dat */
const INT8 = 20
const NUMERIC = 1700

/**
 * Opens connections to a database of PostgreSQL. One that is lost is replaced by the next query. Connects to nothing yet.
 *
 * @param url `postgresql://user:password@host/database`; never part of a message
 * @throws GatewayError `store_unusable` where the address is none
 */
export function openPostgres(url: string): Base {
  const address = parseAddress(url)
  const where = `postgresql://${address.host}${address.pathname}`
  const pool = new pg.Pool({
    connectionString: address.href,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    application_name: 'isogate',
    types: { getTypeParser: parserOf },
  })
  // A connection that is lost while nobody uses it: the pool has thrown it away already.
  pool.on('error', () => {})
  // One that is lost between two statements of a transaction: the next statement fails, and the pool throws it away after that.
  pool.on('connect', (client) => void client.on('error', () => {}))
  const sql = new Kysely<Tables>({ dialect: createPostgresDialect(pool) })
  return {
    dialect: 'postgres',
    where,
    schema: SCHEMA,
    sql,
    looseSql: sql,
    version: async (database) => {
      const isThere = await readNumber(
        database,
        `SELECT count(*) FROM pg_tables WHERE schemaname = '${SCHEMA}' AND tablename = 'migration'`,
      )
      return isThere === 0 ? 0 : readNumber(database, `SELECT coalesce(max(version), 0) FROM migration`)
    },
    prepare,
    wrote: () => {},
    tidy: async () => false,
    toError: (thrown) => toPostgresError(thrown, where),
    close: () => sql.destroy(),
  }
}

async function prepare(sql: SqlTransaction): Promise<void> {
  await executeAll(sql, [`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`])
  // Only where it is missing: who may not make schemas may have been given this one.
  if ((await readNumber(sql, `SELECT count(*) FROM pg_namespace WHERE nspname = '${SCHEMA}'`)) === 0)
    await executeAll(sql, [`CREATE SCHEMA ${SCHEMA}`])
  await executeAll(sql, [
    'CREATE TABLE IF NOT EXISTS migration (version BIGINT PRIMARY KEY, "appliedAtMs" BIGINT NOT NULL)',
  ])
}

function parseAddress(url: string): URL {
  const address = URL.parse(url)
  // What is wrong with it is not told: it holds a password.
  if (address === null) throw new GatewayError('store_unusable', '`store.url` is no address of PostgreSQL.')
  const options = address.searchParams.get('options') ?? ''
  address.searchParams.set('options', `${options} -c search_path=${SCHEMA}`.trimStart())
  return address
}

/** Whole numbers are read as numbers, as they are from SQLite; sums of them are numerics. All else is text. */
function parserOf(type: number, format?: string): (value: string) => unknown {
  if (type === INT8 || type === NUMERIC) return toNumber
  return pg.types.getTypeParser(type, format as 'text') as (value: string) => unknown
}

function toNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  throw new RangeError('A number of the store is larger than any that was written there.')
}
