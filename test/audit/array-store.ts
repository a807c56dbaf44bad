import { FIRST_HASH, hashAuditRow } from '../../src/core/audit-hash.ts'
import type { AuditBody, AuditCheckpoint, AuditEvent, AuditRow, AuditStore } from '../../src/core/audit.ts'

/** A store whose rows a test can reach, as somebody can who writes into the database. */
export interface ArrayStore extends AuditStore {
  rows: AuditRow[]
  signed: AuditCheckpoint[]
  /** How many events each append had. */
  readonly appends: number[]
  /** Runs before each append: throws, or waits. */
  beforeAppend: () => Promise<void>
}

/** Makes an empty store. */
export function createArrayStore(): ArrayStore {
  const store: ArrayStore = {
    rows: [],
    signed: [],
    appends: [],
    beforeAppend: () => Promise.resolve(),
    async append(bodies) {
      await store.beforeAppend()
      store.appends.push(bodies.length)
      store.rows.push(...chain(store.rows.at(-1), bodies))
      return lastOf(store.rows) ?? { seq: 0, hash: FIRST_HASH }
    },
    async list({ afterSeq = 0, newestFirst = false, limit = 100, fromMs = 0, kind }) {
      const found = store.rows.filter(({ seq, body }) => {
        const event = seq > afterSeq ? eventOf(body) : undefined
        return event !== undefined && event.atMs >= fromMs && (kind === undefined || kind === event.kind)
      })
      return (newestFirst ? found.toReversed() : found).slice(0, limit)
    },
    last: async () => lastOf(store.rows),
    checkpoints: async (fromSeq) => store.signed.filter(({ seq }) => seq >= fromSeq),
    async putCheckpoint(checkpoint) {
      if (store.signed.some(({ seq }) => seq === checkpoint.seq)) return
      store.signed = [...store.signed, checkpoint].sort((a, b) => a.seq - b.seq)
    },
    async prune(checkpointSeq) {
      const count = store.rows.length
      store.rows = store.rows.filter(({ seq }) => seq > checkpointSeq)
      store.signed = store.signed.filter(({ seq }) => seq >= checkpointSeq)
      return count - store.rows.length
    },
    close: async () => {},
  }
  return store
}

/** Rows that continue a chain. */
export function chain(
  last: Pick<AuditRow, 'seq' | 'hash'> | undefined,
  bodies: readonly Pick<AuditBody, 'body'>[],
): AuditRow[] {
  let { seq, hash } = last ?? { seq: 0, hash: FIRST_HASH }
  return bodies.map(({ body }) => {
    seq += 1
    hash = hashAuditRow(seq, hash, body)
    return { seq, body, hash }
  })
}

function lastOf(rows: readonly AuditRow[]): Pick<AuditRow, 'seq' | 'hash'> | undefined {
  const row = rows.at(-1)
  return row === undefined ? undefined : { seq: row.seq, hash: row.hash }
}

/** What was tampered with may be no event; it is found all the same. */
function eventOf(body: string): Pick<AuditEvent, 'atMs' | 'kind'> {
  const unknown = { atMs: Number.MAX_SAFE_INTEGER, kind: 'call' } as const
  try {
    return { ...unknown, ...(JSON.parse(body) as AuditEvent) }
  } catch {
    return unknown
  }
}
