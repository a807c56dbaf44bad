import { setImmediate as turn } from 'node:timers/promises'

import { sql as raw } from 'kysely'

import type { AuditQuery, AuditRow } from '../../../core/audit.ts'
import type { PartPorts } from '../../ports.ts'
import type { Sql } from '../../sql/sql.ts'
import { toIndexed } from './chain.ts'

const LIST_ROWS = 100
const MAX_LIST_ROWS = 10_000
/** Rows that one statement looks through: SQLite does it on the main thread, so it takes a few milliseconds and no more. */
const SCAN_ROWS = 10_000

interface Range {
  /** Rows after this one, up to and with that one. */
  readonly after: number
  readonly upTo: number
}

/** Rows up to this one are pruned. */
export function readFloor() {
  return raw<number>`(SELECT "value" FROM "mark" WHERE "name" = 'audit.floor')`
}

/**
 * Looks for rows in the order of the chain. PostgreSQL has indexes for that. SQLite has none, so it goes through all that come into
 * question, little by little.
 */
export async function listAudit(
  { sql, dialect }: Pick<PartPorts, 'sql' | 'dialect'>,
  query: AuditQuery,
): Promise<readonly AuditRow[]> {
  const limit = Math.max(1, Math.min(Math.floor(query.limit ?? LIST_ROWS), MAX_LIST_ROWS))
  const whole = await rangeOf(sql, query.afterSeq ?? 0)
  if (dialect === 'postgres' || !isSearch(query)) return read(sql, query, whole, limit)
  const found: AuditRow[] = []
  for (const range of cut(whole, query.newestFirst ?? false)) {
    found.push(...(await read(sql, query, range, limit - found.length)))
    if (found.length >= limit) break
    await turn()
  }
  return found
}

/** Rows that are there. */
async function rangeOf(sql: Sql, afterSeq: number): Promise<Range> {
  const { rows } = await raw<{ readonly floor: number; readonly last: number | null }>`
    SELECT ${readFloor()} AS "floor", (SELECT max("seq") FROM "auditRow") AS "last"`.execute(sql)
  const { floor = 0, last } = rows[0] ?? {}
  return { after: Math.max(floor, Math.floor(afterSeq)), upTo: last ?? 0 }
}

function* cut({ after, upTo }: Range, newestFirst: boolean): Generator<Range> {
  if (newestFirst)
    for (let end = upTo; end > after; end -= SCAN_ROWS)
      yield { after: Math.max(after, end - SCAN_ROWS), upTo: end }
  else
    for (let start = after; start < upTo; start += SCAN_ROWS)
      yield { after: start, upTo: Math.min(upTo, start + SCAN_ROWS) }
}

function isSearch({ fromMs, toMs, principal, tool, kind, outcome }: AuditQuery): boolean {
  return [fromMs, toMs, principal, tool, kind, outcome].some((member) => member !== undefined)
}

async function read(sql: Sql, query: AuditQuery, range: Range, limit: number): Promise<readonly AuditRow[]> {
  const order = query.newestFirst === true ? 'desc' : 'asc'
  if (!isSearch(query))
    return sql
      .selectFrom('auditRow')
      .select(['seq', 'body', 'hash'])
      .where('seq', '>', range.after)
      .where('seq', '<=', range.upTo)
      .orderBy('seq', order)
      .limit(limit)
      .execute()
  const { fromMs, toMs, principal, tool, kind, outcome } = query
  let found = sql
    .selectFrom('auditSearch as search')
    .innerJoin('auditRow as row', 'row.seq', 'search.seq')
    .select(['row.seq', 'row.body', 'row.hash'])
    .where('search.seq', '>', range.after)
    .where('search.seq', '<=', range.upTo)
  if (fromMs !== undefined) found = found.where('atMs', '>=', Math.floor(fromMs))
  if (toMs !== undefined) found = found.where('atMs', '<=', Math.floor(toMs))
  if (principal !== undefined) found = found.where('principal', '=', toIndexed(principal))
  if (tool !== undefined) found = found.where('tool', '=', toIndexed(tool))
  if (kind !== undefined) found = found.where('kind', '=', kind)
  if (outcome !== undefined) found = found.where('outcome', '=', outcome)
  // In the words of the index: it is used only where the statement itself says that it may be.
  if (kind !== undefined && kind !== 'call') found = found.where(raw<boolean>`"kind" <> 'call'`)
  if (outcome !== undefined && outcome !== 'ok') found = found.where(raw<boolean>`"outcome" <> 'ok'`)
  return found.orderBy('search.seq', order).limit(limit).execute()
}
