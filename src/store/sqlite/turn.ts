import { setTimeout as sleep } from 'node:timers/promises'

import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'

import type { SqliteConnection } from './connection.ts'
import { isBusy } from './faults.ts'
import type { JournalSync } from './journal-sync.ts'

/** How often a write is tried while another process or thread writes, and the longest pause between two tries: a few seconds in all. */
const TRIES = 300
const MAX_PAUSE_MS = 10
/** Statements that leave nothing behind that would have to be on the disk. */
const READING = /^\s*(?:select|pragma|explain)\b/i

/** The connection for as long as one user has it. */
export interface SqliteTurn extends DatabaseConnection {
  /** Ends a transaction. Others go on while it is brought to the disk. */
  readonly commit: (query: CompiledQuery) => Promise<void>
  /** Does nothing where the transaction is over: SQLite may have rolled back by itself, or only the disk failed after the commit. */
  readonly rollback: (query: CompiledQuery) => Promise<void>
  readonly release: () => void
}

/** Waits for a turn. @param sync absent where what is committed may be lost in a power cut */
export async function acquireTurn(
  connection: SqliteConnection,
  sync: JournalSync | undefined,
): Promise<SqliteTurn> {
  const { database } = connection
  let giveBack: (() => void) | undefined = await connection.take()

  function release(): void {
    giveBack?.()
    giveBack = undefined
  }

  async function run<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    for (let tries = 1; ; tries++) {
      try {
        giveBack ??= await connection.take()
        return connection.run<Row>(query)
      } catch (error) {
        // Within a transaction nobody else writes; outside of one a statement that was refused has done nothing.
        if (!isBusy(error) || database.isTransaction || tries === TRIES) throw error
      }
      // Others go on in the meantime: those that read need not wait, and those that write wait for the same.
      release()
      await sleep(Math.min(tries, MAX_PAUSE_MS))
    }
  }

  async function toDisk(): Promise<void> {
    release()
    await sync?.synced()
  }

  return {
    release,
    commit: async (query) => {
      await run(query)
      await toDisk()
    },
    rollback: async (query) => {
      // Where the turn was given back the transaction at work is that of somebody else.
      if (giveBack !== undefined && database.isTransaction) await run(query)
    },
    async executeQuery<Row>(query: CompiledQuery) {
      const result = await run<Row>(query)
      // By itself it was a transaction.
      if (!database.isTransaction && !READING.test(query.sql)) await toDisk()
      return result
    },
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters: kysely says what the rows are
    async *streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
      for (const row of connection.iterate(query)) yield { rows: [row as Row] }
    },
  }
}
