import { sql as raw } from 'kysely'

import type { Sql } from './sql.ts'

/** Runs statements as they stand, one after the other: for migrations. */
export async function executeAll(sql: Sql, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await raw.raw(statement).execute(sql)
}

/** The one number that a statement gives; 0 where it gives none. */
export async function readNumber(sql: Sql, statement: string): Promise<number> {
  const { rows } = await raw.raw<Readonly<Record<string, unknown>>>(statement).execute(sql)
  const [value] = Object.values(rows[0] ?? {})
  return typeof value === 'number' ? value : 0
}
