import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'

import type { CompiledQuery, QueryResult } from 'kysely'

/** Statements that are kept compiled; the one that was compiled first goes. */
const MAX_STATEMENTS = 256

/** One connection, which its users take in turns: a transaction has it alone. */
export interface SqliteConnection {
  readonly database: DatabaseSync
  /** Waits until it is free. @returns the way to give it back; may be called twice */
  readonly take: () => Promise<() => void>
  readonly run: <Row>(query: CompiledQuery) => QueryResult<Row>
  /** Row by row. */
  readonly iterate: (query: CompiledQuery) => Iterable<unknown>
}

interface Prepared {
  readonly statement: StatementSync
  readonly hasRows: boolean
}

/** @param database open and set up */
export function createConnection(database: DatabaseSync): SqliteConnection {
  const waiting: (() => void)[] = []
  const statements = new Map<string, Prepared>()
  let isTaken = false

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

  function passOn(): void {
    const next = waiting.shift()
    if (next === undefined) isTaken = false
    else next()
  }

  return {
    database,
    async take() {
      if (isTaken) await new Promise<void>((resolve) => waiting.push(resolve))
      isTaken = true
      let isMine = true
      return () => {
        if (isMine) passOn()
        isMine = false
      }
    },
    run<Row>({ sql, parameters }: CompiledQuery): QueryResult<Row> {
      const { statement, hasRows } = prepare(sql)
      const values = parameters as readonly SQLInputValue[]
      if (hasRows) return { rows: statement.all(...values) as Row[] }
      const { changes, lastInsertRowid } = statement.run(...values)
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
    },
    iterate: ({ sql, parameters }) =>
      database.prepare(sql).iterate(...(parameters as readonly SQLInputValue[])),
  }
}
