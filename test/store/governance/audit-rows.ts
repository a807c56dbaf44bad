import type { AuditBody, AuditKind, AuditRow, AuditStore } from '../../../src/core/audit.ts'
import { FIRST_HASH, hashAuditRow } from '../../../src/core/audit-hash.ts'

/** An event as it is appended. Its body tells it from all others. */
export function bodyOf(name: string, more: Partial<AuditBody> = {}): AuditBody {
  const event = {
    atMs: 1_000,
    kind: 'call' as AuditKind,
    principal: 'key:ci',
    outcome: 'ok' as const,
    ...more,
  }
  return { ...event, body: JSON.stringify({ ...event, id: name }) }
}

export const nameOf = ({ body }: Pick<AuditRow, 'body'>): string =>
  String((JSON.parse(body) as { id: unknown }).id)

/** All rows, page by page. */
export async function readAll(audit: AuditStore): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = []
  for (;;) {
    const page = await audit.list({ afterSeq: rows.at(-1)?.seq ?? 0, limit: 1_000 })
    if (page.length === 0) return rows
    rows.push(...page)
  }
}

/** The number of the first row that does not fit the one before. */
export function findBreak(
  rows: readonly AuditRow[],
  before = { seq: 0, hash: FIRST_HASH },
): number | undefined {
  let { seq, hash } = before
  for (const row of rows) {
    seq += 1
    hash = hashAuditRow(seq, hash, row.body)
    if (row.seq !== seq || row.hash !== hash) return row.seq
  }
  return undefined
}
