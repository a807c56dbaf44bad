import type { Base } from '../sql/base.ts'
import type { Sql } from '../sql/sql.ts'

/** A table as it is in the database. */
export interface FoundTable {
  readonly name: string
  readonly columns: readonly string[]
  /** The columns that count by themselves. */
  readonly counters: readonly string[]
}

/** The table of versions is no content. */
const VERSIONS = 'migration'

/** The tables of the store as they are there, so that those of later versions are found too. */
export async function findTables(sql: Sql, { schema }: Pick<Base, 'schema'>): Promise<readonly FoundTable[]> {
  const tables = await sql.introspection.getTables()
  return tables
    .filter((table) => table.name !== VERSIONS && (schema === undefined || table.schema === schema))
    .map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => column.name),
      counters: columns.filter(({ isAutoIncrementing }) => isAutoIncrementing).map((column) => column.name),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}
