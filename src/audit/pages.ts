import type { AuditCheckpoint, AuditQuery, AuditRow, AuditStore } from '../core/audit.ts'

/** Few enough that large rows fit into memory, many enough that a page is not what costs. */
const PAGE_ROWS = 500

/** All rows that a query finds, from its first one on, a page at a time. `limit` and `newestFirst` of the query are not looked at. */
export async function* readRows(
  store: Pick<AuditStore, 'list'>,
  query: AuditQuery = {},
): AsyncGenerator<AuditRow, void> {
  for (let afterSeq = query.afterSeq ?? 0; ;) {
    const page = await store.list({ ...query, newestFirst: false, afterSeq, limit: PAGE_ROWS })
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    // A store that answers with the same page again would be read for ever.
    afterSeq = Math.max(last.seq, afterSeq + 1)
  }
}

/** All checkpoints, in their order. */
export async function* readCheckpoints(
  store: Pick<AuditStore, 'checkpoints'>,
  fromSeq = 0,
): AsyncGenerator<AuditCheckpoint, void> {
  for (let from = fromSeq; ;) {
    const page = await store.checkpoints(from)
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    from = Math.max(last.seq, from) + 1
  }
}
