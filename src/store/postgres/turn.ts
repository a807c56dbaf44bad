import type {
  CompiledQuery,
  DatabaseConnection,
  PostgresDriver,
  QueryResult,
  TransactionSettings,
} from 'kysely'

import { isLost } from './faults.ts'

/** A server that is silent must not be waited for again and again. */
const TRIES = 2
/** Statements that may be repeated. */
const READING = /^\s*select\b/i

type Connection = Parameters<PostgresDriver['releaseConnection']>[0]

/** A connection of the pool for as long as one user has it. */
export interface PostgresTurn extends DatabaseConnection {
  readonly begin: (settings: TransactionSettings) => Promise<void>
  readonly commit: () => Promise<void>
  readonly rollback: () => Promise<void>
  readonly release: () => Promise<void>
}

/**
 * Takes a connection. That it was lost is noticed when it is used next: where nothing can have happened yet another one takes its place.
 */
export async function acquireTurn(driver: PostgresDriver): Promise<PostgresTurn> {
  const acquire = async () => (await driver.acquireConnection()) as Connection
  let connection = await acquire()
  let isInTransaction = false

  /** Only for what may be done twice. */
  async function persist<Value>(work: () => Promise<Value>): Promise<Value> {
    for (let tries = 1; ; tries++) {
      try {
        return await work()
      } catch (error) {
        if (!isLost(error) || tries === TRIES) throw error
      }
      // One that cannot roll back is thrown away by the driver, and not put back.
      await driver.rollbackTransaction(connection).catch(() => {})
      await driver.releaseConnection(connection)
      connection = await acquire()
    }
  }

  return {
    begin: async (settings) => {
      await persist(() => driver.beginTransaction(connection, settings))
      isInTransaction = true
    },
    commit: () => driver.commitTransaction(connection),
    rollback: () => driver.rollbackTransaction(connection),
    release: () => driver.releaseConnection(connection),
    executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
      const work = (): Promise<QueryResult<Row>> => connection.executeQuery<Row>(query)
      return isInTransaction || !READING.test(query.sql) ? work() : persist(work)
    },
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
  }
}
