import { realpathSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

import { Kysely } from 'kysely'

import type { Base } from '../sql/base.ts'
import { executeAll, readNumber } from '../sql/execute.ts'
import type { Sql } from '../sql/sql.ts'
import type { Tables } from '../sql/tables.ts'
import { createCheckpoints } from './checkpoints.ts'
import { createConnection } from './connection.ts'
import { IN_MEMORY, neverWait, numberOf, openDatabase, prepareFile, setUp } from './database.ts'
import { createSqliteDialect, type SqliteDialectParts } from './dialect.ts'
import { damaged, toStoreError } from './faults.ts'
import { createJournalSync } from './journal-sync.ts'
import { MARKS, versionOf } from './ours.ts'

/** A larger file is not looked through at the start: it would take too long. */
const CHECKED_BYTES = 512 * 1024 * 1024
/** Free pages that are kept for what comes next (16 MiB), and those that one step gives back to the disk. */
const SPARE_PAGES = 4_096
const STEP_PAGES = 128

/**
 * Opens a file of SQLite, and makes it where there is none. Several processes may have one file open.
 *
 * @param path absolute; absent: in memory
 * @param first done before the first query of anybody else: a store in memory is there at once and migrated when it is used
 * @throws GatewayError `store_unusable`
 */
export function openSqlite(path: string | undefined, first?: (base: Base) => Promise<unknown>): Base {
  const where = path ?? 'The store in memory'
  const database = connect(path, where)
  const connection = createConnection(database)
  // The journal is beside the file itself, not beside a link to it.
  const file = path === undefined ? undefined : realpathSync(path)
  const checkpoints = file === undefined ? undefined : createCheckpoints(file)
  const sync = file === undefined ? undefined : createJournalSync(file)
  const durable = { connection, ...(sync === undefined ? {} : { sync }) }
  const databaseOf = (parts: SqliteDialectParts) =>
    new Kysely<Tables>({ dialect: createSqliteDialect(parts) })

  const base: Base = {
    dialect: 'sqlite',
    where,
    ...(file === undefined ? {} : { path: file }),
    sql: databaseOf(durable),
    looseSql: databaseOf({ connection }),
    version: async () => versionOf(database, where),
    prepare: (transaction) => executeAll(transaction, MARKS),
    wrote: () => checkpoints?.wrote(),
    tidy: () => giveSpaceBack(base.looseSql),
    toError: (thrown) => toStoreError(thrown, where),
    close: async () => {
      if (!database.isOpen) return
      checkpoints?.close()
      // Whoever is in the middle of a transaction ends it first.
      const giveBack = await connection.take()
      database.close()
      giveBack()
      await sync?.close()
    },
  }
  if (first === undefined) return base
  let done: Promise<unknown> | undefined
  const ready = (): Promise<unknown> => (done ??= first(base))
  return { ...base, sql: databaseOf({ ...durable, ready }), looseSql: databaseOf({ connection, ready }) }
}

async function giveSpaceBack(sql: Sql): Promise<boolean> {
  const hasSpare = (await readNumber(sql, 'PRAGMA freelist_count')) > SPARE_PAGES
  if (hasSpare) await executeAll(sql, [`PRAGMA incremental_vacuum(${STEP_PAGES})`])
  return hasSpare
}

function connect(path: string | undefined, where: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    if (path !== undefined) prepareFile(path)
    database = openDatabase(path ?? IN_MEMORY)
    versionOf(database, where)
    // What has to be on the disk is brought there by the dialect (journal-sync.ts).
    setUp(database, path ?? IN_MEMORY, false)
    requireSound(database, where)
    neverWait(database)
    return database
  } catch (error) {
    database?.close()
    throw toStoreError(error, where)
  }
}

/** A torn page would otherwise be found in the middle of a call. */
function requireSound(database: DatabaseSync, where: string): void {
  if (numberOf(database, 'PRAGMA page_count') * numberOf(database, 'PRAGMA page_size') > CHECKED_BYTES) return
  const [verdict] = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})
  if (verdict !== 'ok') throw damaged(where)
}
