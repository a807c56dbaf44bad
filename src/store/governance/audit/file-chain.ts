import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'

import type { AuditBody } from '../../../core/audit.ts'
import { inTransaction, neverWait, openDatabase, setUp } from '../../sqlite/database.ts'
import { isBusy } from '../../sqlite/faults.ts'
import { chain, LAST_LINK, NO_LINK, type Link } from './chain.ts'

/** How long an append waits for another writer, and the pause between two tries. */
const BUSY_MS = 5_000
const PAUSE_MS = 0.5

/** The chain in a file of SQLite. Blocks: it has a thread of its own. */
export interface FileChain {
  /** What it appended is on the disk when it returns. */
  readonly append: (bodies: readonly AuditBody[]) => Link
  readonly close: () => void
}

/** @param path of the store, which somebody else has made and keeps open */
export function openFileChain(path: string): FileChain {
  const database = openDatabase(path)
  try {
    setUp(database, path, false)
    neverWait(database)
    const write = createWrite(database)
    // It holds no locks, so it may be opened beside SQLite.
    const journal = openSync(`${path}-wal`, 'r+')
    return {
      append: (bodies) => {
        const end = inTurn(() => inTransaction(database, () => write(bodies)))
        // What `synchronous = FULL` would do within the transaction, where all other writers would wait for the disk as well.
        fdatasyncSync(journal)
        return end
      },
      close: () => {
        closeSync(journal)
        database.close()
      },
    }
  } catch (error) {
    database.close()
    throw error
  }
}

function createWrite(database: DatabaseSync): (bodies: readonly AuditBody[]) => Link {
  const last = database.prepare(LAST_LINK)
  const insert = database.prepare('INSERT INTO "auditRow" ("seq", "hash", "body") VALUES (?, ?, ?)')
  const insertSearch = database.prepare(
    // Rows that were taken out of the chain by hand may have left theirs behind; that must not stop the record.
    'INSERT OR REPLACE INTO "auditSearch" ("seq", "atMs", "kind", "principal", "tool", "outcome") VALUES (?, ?, ?, ?, ?, ?)',
  )
  return (bodies) => {
    const end = (last.get() as Link | undefined) ?? NO_LINK
    const rows = chain(end, bodies)
    for (const { seq, hash, body, atMs, kind, principal, tool, outcome } of rows) {
      insert.run(seq, hash, body)
      insertSearch.run(seq, atMs, kind, principal, tool, outcome)
    }
    const { seq, hash } = rows.at(-1) ?? end
    return { seq, hash }
  }
}

/** SQLite's own pauses grow to 100 ms: where the gateway writes much beside, the audit would come to its turn a few times a second. */
function inTurn<Value>(work: () => Value): Value {
  const untilMs = performance.now() + BUSY_MS
  for (;;) {
    try {
      return work()
    } catch (error) {
      if (!isBusy(error) || performance.now() >= untilMs) throw error
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
  }
}
