import { sql as raw, type Kysely } from 'kysely'

import type { Seal } from '../../core/seal.ts'
import { placeOf } from '../sealing.ts'
import type { Base } from '../sql/base.ts'
import type { Sql } from '../sql/sql.ts'
import type { Row } from './rows.ts'

/** Which columns of which tables are sealed, and the primary key that their place is made of (`placeOf`). */
interface SealedColumns {
  readonly table: string
  readonly key: readonly string[]
  readonly columns: readonly string[]
}

const SEALED: readonly SealedColumns[] = [
  { table: 'handle', key: ['handle'], columns: ['name', 'json'] },
  { table: 'run', key: ['owner', 'id'], columns: ['options', 'code', 'input', 'record'] },
  { table: 'approval', key: ['id'], columns: ['subject'] },
  { table: 'effect', key: ['owner', 'runId', 'runKey'], columns: ['outcome'] },
]

type AnySql = Kysely<Record<string, Row>>

/**
 * Seals every value anew, one after the other, while gateways go on: a value that one of them changes in the meantime stays as it wrote it.
 *
 * @param seal opens with all keys and seals with the first
 * @returns the number of values
 * @throws GatewayError `sealed`
 */
export async function rekey({ sql }: Pick<Base, 'sql'>, seal: Seal): Promise<number> {
  let count = 0
  for (const sealed of SEALED) {
    for (const row of await keysOf(sql, sealed))
      count += await rekeyRow(sql as unknown as AnySql, sealed, row, seal)
  }
  return count
}

async function keysOf(sql: Sql, { table, key }: SealedColumns): Promise<readonly Row[]> {
  return (sql as unknown as AnySql)
    .selectFrom(table)
    .select([...key])
    .execute()
}

async function rekeyRow(
  sql: AnySql,
  { table, key, columns }: SealedColumns,
  row: Row,
  seal: Seal,
): Promise<number> {
  const names = key.map((column) => String(row[column]))
  const isRow = raw<boolean>`${raw.join(
    key.map((column) => raw`${raw.ref(column)} = ${row[column]}`),
    raw` AND `,
  )}`
  let count = 0
  for (const column of columns) {
    const found = await sql.selectFrom(table).select(column).where(isRow).executeTakeFirst()
    const text = found?.[column]
    if (typeof text !== 'string') continue
    const place = placeOf(`${table}.${column}`, ...names)
    const { numUpdatedRows } = await sql
      .updateTable(table)
      .set({ [column]: seal.seal(seal.open(text, place), place) })
      .where(isRow)
      .where(column, '=', text)
      .executeTakeFirst()
    count += Number(numUpdatedRows)
  }
  return count
}
