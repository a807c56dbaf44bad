import { hashAuditRow, FIRST_HASH } from '../../../core/audit-hash.ts'
import type { AuditBody, AuditRow } from '../../../core/audit.ts'
import type { AuditRowTable, AuditSearchTable } from '../tables.ts'

/** The end of the chain, where the next row is put on. */
export type Link = Pick<AuditRow, 'seq' | 'hash'>

/** Appends events to the chain, all of them or none. */
export interface AuditWriter {
  /** Resolves when they are on the disk. @returns the last of them */
  readonly append: (bodies: readonly AuditBody[]) => Promise<Link>
  readonly close: () => Promise<void>
}

/** The end of a chain that has no row yet. */
export const NO_LINK: Link = Object.freeze({ seq: 0, hash: FIRST_HASH })

/** Finds the end: the last row, or the checkpoint that stands in its place where all rows are pruned. */
export const LAST_LINK = `SELECT "seq", "hash" FROM (
    SELECT "seq", "hash" FROM (SELECT "seq", "hash" FROM "auditRow" ORDER BY "seq" DESC LIMIT 1) AS "row"
    UNION ALL
    SELECT "seq", "hash" FROM "auditCheckpoint" WHERE "seq" = (SELECT "value" FROM "mark" WHERE "name" = 'audit.floor')
  ) AS "end" ORDER BY "seq" DESC LIMIT 1`

/** What is searched for is cut: an index takes no long text. The body has all of it. */
const INDEXED_CHARS = 256

/** The text under which a row is found. Without what PostgreSQL does not take: a caller could keep rows out of the audit by it. */
export function toIndexed(text: string): string {
  return text.slice(0, INDEXED_CHARS).toWellFormed().replaceAll('\u0000', '\uFFFD')
}

/** Puts events on the end of a chain. */
export function chain(
  end: Link,
  bodies: readonly AuditBody[],
): readonly (AuditRowTable & AuditSearchTable)[] {
  let { seq, hash } = end
  return bodies.map(({ body, atMs, kind, principal, tool = '', outcome }) => {
    seq += 1
    hash = hashAuditRow(seq, hash, body)
    return {
      seq,
      atMs: Math.floor(atMs),
      kind,
      principal: toIndexed(principal),
      tool: toIndexed(tool),
      outcome,
      hash,
      body,
    }
  })
}
