import type { Audit, AuditStore } from '../core/audit.ts'
import { GatewayError } from '../core/errors.ts'
import type { NewId } from '../core/ports.ts'
import { toPrunedDetail, type Head } from './checkpoint.ts'
import { readCheckpoints } from './pages.ts'
import type { SigningKey, TrustedKeys } from './signing-key.ts'
import { verifyAudit } from './verify.ts'

export interface PruneParts {
  readonly store: AuditStore
  readonly audit: Pick<Audit, 'record'>
  /** Signs that the rows were taken away. */
  readonly key: SigningKey
  /** Checkpoints of other keys say nothing here: another gateway may write to the same store. Absent: only `key`. */
  readonly keys?: TrustedKeys
  readonly nowMs: () => number
  readonly newId: NewId
}

/**
 * Takes rows away that are older than the retention, up to the last checkpoint before all younger ones. They are verified first: nothing that is
 * broken is taken away, because it is what shows that somebody was there. The event `audit.pruned` is on the disk before the first row goes.
 *
 * @returns how many rows
 * @throws GatewayError `audit_broken`, `audit_unavailable`, `store_unusable`
 */
export async function pruneAudit(parts: PruneParts, retentionMs: number): Promise<number> {
  const { store, audit, key, keys = new Map([[key.id, key.publicKey]]), nowMs, newId } = parts
  const [first] = await store.list({ limit: 1 })
  if (first === undefined) return 0
  const youngMs = nowMs() - retentionMs
  const young = await firstYoung(store, youngMs)
  const last = await lastBefore(store, keys, first.seq, young)
  if (last === undefined) return 0
  const { fault, rows, toMs = 0 } = await verifyAudit(store, keys, { upToSeq: last.seq, ignoresOthers: true })
  if (fault !== undefined)
    throw new GatewayError('audit_broken', `Row ${fault.seq} ${fault.why}. Nothing is pruned.`, {
      detail: { seq: fault.seq, upTo: fault.upTo },
    })
  // What rows are found by is not in the chain: whoever changes it must not get young rows pruned.
  if (toMs >= youngMs)
    throw new GatewayError(
      'audit_broken',
      'Rows are younger than what they are found by says. Nothing is pruned.',
    )
  await audit.record({
    kind: 'audit.pruned',
    atMs: nowMs(),
    id: newId(),
    principal: 'gateway',
    outcome: 'ok',
    detail: toPrunedDetail(last, key, rows),
  })
  return store.prune(last.seq)
}

/** The number of the first row that is too young; clocks are set back, so older ones may stand after it. */
async function firstYoung(store: AuditStore, fromMs: number): Promise<number> {
  const [row] = await store.list({ fromMs, limit: 1 })
  return row?.seq ?? Number.MAX_SAFE_INTEGER
}

/** The last checkpoint of trusted keys between two rows. */
async function lastBefore(
  store: AuditStore,
  keys: TrustedKeys,
  fromSeq: number,
  endSeq: number,
): Promise<Head | undefined> {
  let found: Head | undefined
  for await (const { seq, hash, keyId } of readCheckpoints(store, fromSeq)) {
    if (seq >= endSeq) break
    if (keys.has(keyId)) found = { seq, hash }
  }
  return found
}
