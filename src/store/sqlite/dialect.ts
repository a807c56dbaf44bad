import {
  CompiledQuery,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely'

import type { SqliteConnection } from './connection.ts'
import type { JournalSync } from './journal-sync.ts'
import { acquireTurn, type SqliteTurn } from './turn.ts'

export interface SqliteDialectParts {
  /** Closing it is its owner's. */
  readonly connection: SqliteConnection
  /** Awaited after each commit. Absent: what is committed may be lost in a power cut. */
  readonly sync?: JournalSync
  /** Awaited before the first query. */
  readonly ready?: () => Promise<unknown>
}

/** The connection hands out turns itself: several databases of kysely may share it. */
class SharedAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** Lets kysely speak to node:sqlite over a connection that is open already. */
export function createSqliteDialect({ connection, sync, ready }: SqliteDialectParts): Dialect {
  const driver: Driver = {
    init: async () => void (await ready?.()),
    acquireConnection: () => acquireTurn(connection, sync),
    // A writer takes its lock at the beginning: it could not get it later, where somebody else wrote in between.
    beginTransaction: async (turn, { accessMode }) =>
      void (await turn.executeQuery(
        CompiledQuery.raw(accessMode === 'read only' ? 'BEGIN' : 'BEGIN IMMEDIATE'),
      )),
    commitTransaction: (turn) => asTurn(turn).commit(CompiledQuery.raw('COMMIT')),
    rollbackTransaction: (turn) => asTurn(turn).rollback(CompiledQuery.raw('ROLLBACK')),
    releaseConnection: async (turn) => asTurn(turn).release(),
    destroy: async () => {},
  }
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createAdapter: () => new SharedAdapter(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

/** Kysely gives back what `acquireConnection` gave it. */
function asTurn(connection: DatabaseConnection): SqliteTurn {
  return connection as SqliteTurn
}
