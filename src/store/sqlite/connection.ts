import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely'

import { isBusy } from './faults.ts'

/** Statements that are kept compiled; the one that was compiled first goes. */
const MAX_STATEMENTS = 256
/** How often a write is tried while another process or thread writes, and the longest pause between two tries: a few seconds in all. */
const TRIES = 300
const MAX_PAUSE_MS = 10

/** One connection, which its users take in turns: a transaction has it alone. */
export interface SqliteConnection extends DatabaseConnection {
  /** Waits until it is free. @param isDurable what is committed until `release` is on the disk when the commit returns */
  readonly take: (isDurable: boolean) => Promise<void>
  readonly release: () => void
  readonly database: DatabaseSync
}

interface Prepared {
  readonly statement: StatementSync
  readonly hasRows: boolean
}

/** @param database open and set up; it never waits for another writer itself, because the main thread would wait with it */
export function createConnection(database: DatabaseSync): SqliteConnection {
  const waiting: (() => void)[] = []
  const statements = new Map<string, Prepared>()
  let isTaken = false
  let wasDurable: boolean | undefined

  function prepare(text: string): Prepared {
    const known = statements.get(text)
    if (known !== undefined) return known
    const statement = database.prepare(text)
    const prepared = { statement, hasRows: statement.columns().length > 0 }
    const [first] = statements.keys()
    if (first !== undefined && statements.size >= MAX_STATEMENTS) statements.delete(first)
    statements.set(text, prepared)
    return prepared
  }

  function run<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
    const { statement, hasRows } = prepare(sql)
    const values = parameters as readonly SQLInputValue[]
    if (hasRows) return { rows: statement.all(...values) as Row[] }
    const { changes, lastInsertRowid } = statement.run(...values)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  async function take(isDurable: boolean): Promise<void> {
    if (isTaken) await new Promise<void>((resolve) => waiting.push(resolve))
    isTaken = true
    try {
      setDurable(isDurable)
    } catch (error) {
      release()
      throw error
    }
  }

  function release(): void {
    const next = waiting.shift()
    if (next === undefined) isTaken = false
    else next()
  }

  /** Source: https://sqlite.org/pragma.html#pragma_synchronous */
  function setDurable(isDurable: boolean): void {
    if (wasDurable === isDurable) return
    database.exec(`PRAGMA synchronous = ${isDurable ? 'FULL' : 'NORMAL'}`)
    wasDurable = isDurable
  }

  /** Others go on in the meantime: those that read need not wait, and those that write wait for the same. */
  async function pause(durationMs: number): Promise<void> {
    const isDurable = wasDurable ?? true
    release()
    await sleep(durationMs)
    await take(isDurable)
  }

  return {
    database,
    take,
    release,
    async executeQuery<Row>(query: CompiledQuery) {
      for (let tries = 1; ; tries++) {
        try {
          return run<Row>(query)
        } catch (error) {
          // Within a transaction nobody else writes; outside of one a statement that was refused has done nothing.
          if (!isBusy(error) || database.isTransaction || tries === TRIES) throw error
        }
        await pause(Math.min(tries, MAX_PAUSE_MS))
      }
    },
    // oxlint-disable-next-line typescript/no-unnecessary-type-parameters: kysely says what the rows are
    async *streamQuery<Row>({ sql, parameters }: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
      const rows = database.prepare(sql).iterate(...(parameters as readonly SQLInputValue[]))
      for (const row of rows) yield { rows: [row as Row] }
    },
  }
}
