import { chmodSync, closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { GatewayError } from '../../core/errors.ts'
import { isBusy } from './faults.ts'

/** How long a connection waits for another process while it is opened. It waits on the main thread, before anything is served. */
const BUSY_MS = 2_000
/** SQLite does not wait where the journal's mode is changed: two gateways that make one file at the same time have to. */
const MODE_ATTEMPTS = 100
const MODE_PAUSE_MS = 20
/** What is kept of the journal's file when it has been worked off. */
const JOURNAL_BYTES = 16 * 1024 * 1024

/** The journal is worked off by a thread of its own (checkpoints.ts). Where that fails, a write does it at this size. */
const JOURNAL_PAGES = 32_768

/** In memory: gone when it is closed. */
export const IN_MEMORY = ':memory:'

/** Opens a connection and changes nothing: the file may be somebody else's. */
export function openDatabase(path: string): DatabaseSync {
  return new DatabaseSync(path, { timeout: BUSY_MS, defensive: true })
}

/**
 * Makes a connection ready.
 *
 * @param isDurable what it commits is on the disk when the commit returns; otherwise a power cut may take the last seconds,
 *   and a killed process loses nothing. Source: https://sqlite.org/pragma.html#pragma_synchronous
 */
export function setUp(database: DatabaseSync, path: string, isDurable: boolean): void {
  // Only a file that is still empty takes it: freed pages can then be given back to the disk.
  if (numberOf(database, 'PRAGMA page_count') === 0) database.exec('PRAGMA auto_vacuum = INCREMENTAL')
  if (path !== IN_MEMORY) useWriteAheadLog(database, path)
  database.exec(`
    PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'};
    PRAGMA wal_autocheckpoint = ${JOURNAL_PAGES};
    PRAGMA journal_size_limit = ${JOURNAL_BYTES};
    PRAGMA temp_store = MEMORY;
    PRAGMA trusted_schema = OFF;
  `)
}

/** From now on a statement that finds another writer fails at once: its caller tries again without holding the main thread up. */
export function neverWait(database: DatabaseSync): void {
  database.exec('PRAGMA busy_timeout = 0')
}

/** Makes the file, readable by its owner only. SQLite gives the files beside it the same mode. */
export function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    // Never opened where it is there: closing it again would drop the locks of other connections of this process.
    closeSync(openSync(path, 'ax', 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!statSync(path).isFile()) throw new GatewayError('store_unusable', `${path} is no file.`)
    chmodSync(path, 0o600)
  }
}

/** Runs the work as one transaction: all of it or nothing. */
export function inTransaction<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE')
  try {
    const value = work()
    database.exec('COMMIT')
    return value
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** The one number that a statement gives. */
export function numberOf(database: DatabaseSync, sql: string): number {
  const [value] = Object.values(database.prepare(sql).get() ?? {})
  return typeof value === 'number' ? value : 0
}

function useWriteAheadLog(database: DatabaseSync, path: string): void {
  for (let attempt = 1; ; attempt++) {
    try {
      const row = database.prepare('PRAGMA journal_mode = WAL').get()
      if (row?.['journal_mode'] === 'wal') return
      throw new GatewayError(
        'store_unusable',
        `${path}: its file system has no shared memory; use a local disk.`,
      )
    } catch (error) {
      if (!isBusy(error) || attempt === MODE_ATTEMPTS) throw error
      pause(MODE_PAUSE_MS)
    }
  }
}

/** Blocks: used at the start only, before anything is served. */
function pause(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs)
}
