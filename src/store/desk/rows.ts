import { sql as raw, type Kysely } from 'kysely'

import type { DialectName, SqlTransaction } from '../sql/sql.ts'
import type { FoundTable } from './tables.ts'

/** A row of any table; there are no other values. */
export type Row = Readonly<Record<string, string | number | null>>

/** Tables with values of many megabytes are read row by row. */
const LARGE: ReadonlySet<string> = new Set(['handle', 'run'])
const FETCHED = 200
/** Of a statement that writes several rows. */
const BATCH_ROWS = 100
const BATCH_CHARS = 1_000_000

/** All rows of a table, as they are at the moment of the transaction, and few of them in memory. */
export async function* readRows(
  sql: SqlTransaction,
  dialect: DialectName,
  { name, columns }: FoundTable,
): AsyncGenerator<Row> {
  const query = (sql as unknown as Kysely<Record<string, Row>>).selectFrom(name).select([...columns])
  if (dialect === 'sqlite') {
    yield* query.stream()
    return
  }
  await raw`DECLARE "rows" NO SCROLL CURSOR FOR ${query}`.execute(sql)
  const count = raw.lit(LARGE.has(name) ? 1 : FETCHED)
  for (;;) {
    const { rows } = await raw<Row>`FETCH ${count} FROM "rows"`.execute(sql)
    yield* rows
    if (rows.length === 0) break
  }
  await raw`CLOSE "rows"`.execute(sql)
}

/** Writes the rows of one table. */
export interface Writer {
  readonly write: (row: Row) => Promise<void>
  /** Writes what waits. */
  readonly flush: () => Promise<void>
}

/** Writes rows, many in one statement. */
export function createWriter(sql: SqlTransaction, table: string): Writer {
  const target = sql as unknown as Kysely<Record<string, Row>>
  let batch: Row[] = []
  let chars = 0
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await target.insertInto(table).values(batch).execute()
    batch = []
    chars = 0
  }
  return {
    flush,
    write: async (row: Row): Promise<void> => {
      batch.push(row)
      for (const value of Object.values(row)) chars += typeof value === 'string' ? value.length : 0
      if (batch.length >= BATCH_ROWS || chars >= BATCH_CHARS) await flush()
    },
  }
}
