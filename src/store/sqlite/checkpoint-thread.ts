import { DatabaseSync } from 'node:sqlite'
import { workerData } from 'node:worker_threads'

/*
 * Works off the journal of a database, in a thread of its own: it waits for the disk, and the gateway must not. The long
 * part lets everybody write; only then, with nothing left to do, is the journal begun anew.
 */
const { path } = workerData as { readonly path: string }
const database = new DatabaseSync(path, { timeout: 0, defensive: true })
try {
  database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
} finally {
  database.close()
}
