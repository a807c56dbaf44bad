import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
  type Driver,
} from 'kysely'

import type { SqliteConnection } from './connection.ts'

/** The connection hands out turns itself: several databases of kysely may share it. */
class SharedAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/**
 * Lets kysely speak to node:sqlite over a connection that is open already. Closing it is its owner's.
 *
 * @param isDurable what is committed is on the disk when the promise resolves
 * @param ready awaited before the first query
 */
export function createSqliteDialect(
  connection: SqliteConnection,
  isDurable: boolean,
  ready: () => Promise<unknown> = () => Promise.resolve(),
): Dialect {
  const execute = (text: string): Promise<unknown> => connection.executeQuery(CompiledQuery.raw(text))
  const driver: Driver = {
    init: async () => void (await ready()),
    acquireConnection: async () => {
      await connection.take(isDurable)
      return connection
    },
    // A writer takes its lock at the beginning: it could not get it later, where somebody else wrote in between.
    beginTransaction: async (_connection, { accessMode }) =>
      void (await execute(accessMode === 'read only' ? 'BEGIN' : 'BEGIN IMMEDIATE')),
    commitTransaction: async () => void (await execute('COMMIT')),
    // SQLite may have rolled back by itself, where the disk was full.
    rollbackTransaction: async () => {
      if (connection.database.isTransaction) await execute('ROLLBACK')
    },
    releaseConnection: async () => connection.release(),
    destroy: async () => {},
  }
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SharedAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}
