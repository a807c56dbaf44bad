import {
  PostgresDialect,
  PostgresDriver,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type PostgresPool,
} from 'kysely'

import { acquireTurn, type PostgresTurn } from './turn.ts'

/** Kysely's dialect, with connections that come back by themselves. */
export function createPostgresDialect(pool: PostgresPool): Dialect {
  const dialect = new PostgresDialect({ pool })
  return {
    createDriver: () => createDriver(new PostgresDriver({ pool })),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
  }
}

function createDriver(driver: PostgresDriver): Driver {
  return {
    init: () => driver.init(),
    acquireConnection: () => acquireTurn(driver),
    beginTransaction: (turn, settings) => asTurn(turn).begin(settings),
    commitTransaction: (turn) => asTurn(turn).commit(),
    rollbackTransaction: (turn) => asTurn(turn).rollback(),
    releaseConnection: (turn) => asTurn(turn).release(),
    destroy: () => driver.destroy(),
  }
}

/** Kysely gives back what `acquireConnection` gave it. */
function asTurn(connection: DatabaseConnection): PostgresTurn {
  return connection as PostgresTurn
}
