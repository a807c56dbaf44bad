import { CompiledQuery } from 'kysely'

import type { PartPorts } from '../../ports.ts'
import type { DialectName } from '../../sql/sql.ts'
import { takeTurn } from '../../sql/turns.ts'
import { chain, LAST_LINK, NO_LINK, type AuditWriter, type Link } from './chain.ts'

const ROW = ['seq', 'hash', 'body']
const SEARCH = ['seq', 'atMs', 'kind', 'principal', 'tool', 'outcome']

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')

/** Any number of rows with one parameter: the text is the same each time, and nothing is compiled anew. */
const INSERT: Readonly<Record<DialectName, readonly string[]>> = {
  postgres: [
    `WITH "new" AS (SELECT * FROM json_to_recordset($1::json) AS "new" ("seq" bigint, "hash" text, "body" text, "atMs" bigint,
        "kind" text, "principal" text, "tool" text, "outcome" text)),
      "row" AS (INSERT INTO "auditRow" (${list(ROW)}) SELECT ${list(ROW)} FROM "new")
    INSERT INTO "auditSearch" (${list(SEARCH)}) SELECT ${list(SEARCH)} FROM "new"
    ON CONFLICT ("seq") DO UPDATE SET ${SEARCH.map((name) => `"${name}" = excluded."${name}"`).join(', ')}`,
  ],
  sqlite: [['auditRow', ROW] as const, ['auditSearch', SEARCH] as const].map(
    ([table, names]) =>
      `INSERT INTO "${table}" (${list(names)}) SELECT ${names.map((name) => `value ->> '${name}'`).join(', ')} FROM json_each(?)`,
  ),
}

/** Writes over the ordinary connection: for PostgreSQL, and for a store in memory. */
export function createStatementWriter({ sql, dialect }: Pick<PartPorts, 'sql' | 'dialect'>): AuditWriter {
  return {
    append: (bodies) =>
      sql.transaction().execute(async (transaction) => {
        // Before the last row is read: of several gateways each puts its rows on those of the one before.
        await takeTurn(transaction, dialect, 'audit')
        const { rows } = await transaction.executeQuery<Link>(CompiledQuery.raw(LAST_LINK))
        const end = rows[0] ?? NO_LINK
        const added = chain(end, bodies)
        const json = JSON.stringify(added)
        for (const statement of INSERT[dialect])
          await transaction.executeQuery(CompiledQuery.raw(statement, [json]))
        const { seq, hash } = added.at(-1) ?? end
        return { seq, hash }
      }),
    close: async () => {},
  }
}
