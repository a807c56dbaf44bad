import type { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

import type { AuditBody } from '../../../core/audit.ts'
import { inTransaction, openDatabase, setUp } from '../../sqlite/database.ts'
import { chain, LAST_LINK, NO_LINK, type Link } from './chain.ts'
import type { Answer, Fault, Order, ThreadData } from './thread-messages.ts'

/*
 * Writes the audit into the file of the store, in a thread of its own: each append waits for the disk, and the gateway must not.
 */
/** How long it waits for another writer. Nobody but the append waits with it. */
const BUSY_MS = 5_000

interface Connection {
  readonly append: (bodies: readonly AuditBody[]) => Link
  readonly close: () => void
}

const { path } = workerData as ThreadData
let connection: Connection | undefined

function connect(): Connection {
  const database = openDatabase(path)
  try {
    setUp(database, path, true)
    database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`)
    return { append: createAppend(database), close: () => database.close() }
  } catch (error) {
    database.close()
    throw error
  }
}

function createAppend(database: DatabaseSync): Connection['append'] {
  const last = database.prepare(LAST_LINK)
  const insert = database.prepare('INSERT INTO "auditRow" ("seq", "hash", "body") VALUES (?, ?, ?)')
  const insertSearch = database.prepare(
    'INSERT INTO "auditSearch" ("seq", "atMs", "kind", "principal", "tool", "outcome") VALUES (?, ?, ?, ?, ?, ?)',
  )
  return (bodies) =>
    inTransaction(database, () => {
      const end = (last.get() as Link | undefined) ?? NO_LINK
      const rows = chain(end, bodies)
      for (const { seq, hash, body, atMs, kind, principal, tool, outcome } of rows) {
        insert.run(seq, hash, body)
        insertSearch.run(seq, atMs, kind, principal, tool, outcome)
      }
      const { seq, hash } = rows.at(-1) ?? end
      return { seq, hash }
    })
}

function answer({ id, bodies = [] }: Order): Answer {
  try {
    connection ??= connect()
    return { id, link: connection.append(bodies) }
  } catch (error) {
    // A new connection may do what this one cannot do any more.
    const failed = connection
    connection = undefined
    const fault = toFault(error)
    failed?.close()
    return { id, fault }
  }
}

function toFault(error: unknown): Fault {
  const { message, errcode, code } = error as Partial<Fault>
  return {
    message: message ?? '',
    ...(errcode === undefined ? {} : { errcode }),
    ...(code === undefined ? {} : { code }),
  }
}

parentPort?.on('message', (order: Order) => {
  if (order.bodies !== undefined) return parentPort?.postMessage(answer(order))
  connection?.close()
  return parentPort?.close()
})
