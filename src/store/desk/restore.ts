import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'

import { sql as raw } from 'kysely'

import { GatewayError } from '../../core/errors.ts'
import type { StoreCopy } from '../../core/store-desk.ts'
import { MIGRATIONS } from '../migrations.ts'
import type { Base } from '../sql/base.ts'
import { migrateWithin } from '../sql/migrate.ts'
import type { SqlTransaction } from '../sql/sql.ts'
import { parseLine, type Line } from './format.ts'
import { createWriter, type Row, type Writer } from './rows.ts'
import { findTables, type FoundTable } from './tables.ts'

/** What a migration writes itself says nothing of whether somebody used the store. */
const MARKS = 'mark'

/**
 * Puts what a backup holds in the place of what the store holds, in one transaction.
 *
 * @param nowMs wall clock, milliseconds since the epoch
 * @throws GatewayError `already_there`, `file_unreadable`, `store_newer`, `store_unusable`
 */
export async function restore(
  base: Base,
  file: string,
  mayReplace: boolean,
  nowMs: number,
): Promise<StoreCopy> {
  return base.sql.transaction().execute(async (sql) => {
    await base.prepare(sql)
    const old = await findTables(sql, base)
    if (!mayReplace && (await isUsed(sql, old)))
      throw new GatewayError('already_there', `${base.where} holds something already.`)
    const lines = linesOf(file)
    const { value: head } = await lines.next()
    if (head?.kind !== 'head') throw damaged(file, 'it does not begin like one')
    const { version } = head
    if (version > MIGRATIONS.length)
      throw new GatewayError('store_newer', `${file} has version ${version}, known is ${MIGRATIONS.length}.`)
    for (const { name } of old) await sql.schema.dropTable(name).execute()
    await sql.deleteFrom('migration').execute()
    // The tables as they were when the backup was made; what has changed since is done to its rows.
    await migrateWithin(sql, base, MIGRATIONS.slice(0, version), nowMs)
    const tables = await findTables(sql, base)
    for (const { name } of tables) await sql.deleteFrom(name as typeof MARKS).execute()
    const rows = await writeRows(sql, file, lines, tables)
    for (const table of base.dialect === 'postgres' ? tables : []) await countOn(sql, table)
    await migrateWithin(sql, base, MIGRATIONS, nowMs)
    return { rows, version }
  })
}

async function isUsed(sql: SqlTransaction, tables: readonly FoundTable[]): Promise<boolean> {
  for (const { name } of tables) {
    if (name === MARKS) continue
    const { rows } = await raw`SELECT 1 AS found FROM ${raw.table(name)} LIMIT 1`.execute(sql)
    if (rows.length > 0) return true
  }
  return false
}

async function writeRows(
  sql: SqlTransaction,
  file: string,
  lines: AsyncIterable<Line>,
  tables: readonly FoundTable[],
): Promise<number> {
  let writer: Writer | undefined
  let columns: readonly string[] = []
  let rows = 0
  for await (const line of lines) {
    if (line.kind === 'row') {
      if (writer === undefined || line.values.length !== columns.length)
        throw damaged(file, 'a row does not fit its table')
      rows++
      await writer.write(Object.fromEntries(line.values.map((value, at) => [columns[at], value])) as Row)
    } else if (line.kind === 'table') {
      await writer?.flush()
      const table = tables.find(({ name }) => name === line.name)
      if (table === undefined || !line.columns.every((column) => table.columns.includes(column)))
        throw damaged(file, 'it has a table that no version has')
      writer = createWriter(sql, table.name)
      columns = line.columns
    } else if (line.kind === 'end' && line.rows === rows) {
      await writer?.flush()
      return rows
    } else throw damaged(file, 'it is not whole')
  }
  throw damaged(file, 'it is not whole')
}

/** The lines of a backup, to its end, which comes only where all of them are as they were written. */
async function* linesOf(file: string): AsyncGenerator<Line> {
  const digest = createHash('sha256')
  const source = createReadStream(file)
  try {
    for await (const text of createInterface({ input: source, crlfDelay: Infinity })) {
      const line = parseLine(text)
      if (line === undefined) throw damaged(file, 'a line is none of it')
      if (line.kind === 'end' && line.sha256 !== digest.digest('hex'))
        throw damaged(file, 'it was changed after it was made')
      yield line
      if (line.kind === 'end') return
      digest.update(`${text}\n`)
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error
    const { code = 'unknown error' } = error as NodeJS.ErrnoException
    throw new GatewayError('file_unreadable', `${file} cannot be read: ${code}.`, { cause: error })
  } finally {
    source.destroy()
  }
}

/** PostgreSQL counts on from where it was, whatever numbers were written. */
async function countOn(sql: SqlTransaction, { name, counters }: FoundTable): Promise<void> {
  for (const column of counters)
    await raw`SELECT setval(pg_get_serial_sequence(${`"${name}"`}, ${column}),
      (SELECT coalesce(max(${raw.ref(column)}), 0) + 1 FROM ${raw.table(name)}), false)`.execute(sql)
}

function damaged(file: string, why: string): GatewayError {
  return new GatewayError('file_unreadable', `${file} is no backup that can be restored: ${why}.`)
}
