import type { AuditCheckpoint, AuditStore } from '../core/audit.ts'
import type { Anchor } from './anchor.ts'
import {
  ChainFault,
  requireCheckpoint,
  startWalk,
  takeAnchor,
  takeCheckpoint,
  takeCheckpointBefore,
  takeRow,
  type AuditFault,
  type ChainWalk,
} from './chain-walk.ts'
import { readCheckpoints, readRows } from './pages.ts'
import type { TrustedKeys } from './signing-key.ts'

/** What was found out about a chain. */
export interface AuditReport {
  /** Rows that are good. */
  readonly rows: number
  /** Checkpoints that are good. */
  readonly checkpoints: number
  /** Of the first row that is there; absent where there is none. */
  readonly firstSeq?: number
  readonly lastSeq?: number
  /** Of the earliest and the latest event that is good. */
  readonly fromMs?: number
  readonly toMs?: number
  /** The last row that a signature vouches for. What comes after it is held by the chain and by the anchor only. */
  readonly signedSeq: number
  /** The rows before the first one were taken away by whoever has the key. */
  readonly isPruned: boolean
  readonly fault?: AuditFault
}

export interface VerifyOptions {
  readonly anchor?: Anchor
  /** Only the rows up to this one. */
  readonly upToSeq?: number
  /** True: checkpoints of other keys say nothing, and are no fault. */
  readonly ignoresOthers?: boolean
}

const ATTEMPTS = 3

/** What is read of a store. */
type Chain = Pick<AuditStore, 'list' | 'checkpoints'>

/**
 * Reads a chain from its first row to its end, a page at a time, and recomputes all of it. It ends at the first fault. A chain that was
 * pruned begins at a checkpoint, which must be signed, and which an event `audit.pruned` must name that is signed too.
 *
 * @param keys Of all who have signed: a signature of anybody else is a fault.
 * @throws GatewayError `store_unusable`
 */
export async function verifyAudit(
  store: Chain,
  keys: TrustedKeys,
  options: VerifyOptions = {},
): Promise<AuditReport> {
  for (let attempt = 1; ; attempt++) {
    const begin = await firstSeqOf(store)
    const report = await verifyOnce(store, keys, options)
    // Rows that are pruned while they are read are missed, and are no fault.
    if (report.fault === undefined || attempt === ATTEMPTS || (await firstSeqOf(store)) === begin)
      return report
  }
}

async function firstSeqOf(store: Chain): Promise<number | undefined> {
  const [row] = await store.list({ limit: 1 })
  return row?.seq
}

async function verifyOnce(
  store: Chain,
  keys: TrustedKeys,
  { anchor, upToSeq = Number.MAX_SAFE_INTEGER, ignoresOthers = false }: VerifyOptions,
): Promise<AuditReport> {
  const walk = startWalk({ keys, ignoresOthers })
  try {
    const left = await walkAlong(walk, store, anchor, upToSeq)
    if (walk.known.seq < upToSeq) requireEnd(walk, left, anchor)
    return toReport(walk)
  } catch (error) {
    if (error instanceof ChainFault) return { ...toReport(walk), fault: error.fault }
    throw error
  }
}

/** @returns the first checkpoint after the last row */
async function walkAlong(
  walk: ChainWalk,
  store: Chain,
  anchor: Anchor | undefined,
  upToSeq: number,
): Promise<AuditCheckpoint | undefined> {
  const checkpoints = readCheckpoints(store)
  const read = async (): Promise<AuditCheckpoint | undefined> => (await checkpoints.next()).value ?? undefined
  let next = await read()
  for await (const row of readRows(store)) {
    if (row.seq > upToSeq) break
    if (walk.firstSeq === undefined) {
      for (; next !== undefined && next.seq < row.seq; next = await read())
        takeCheckpointBefore(walk, next, row.seq)
      if (row.seq > 1 && walk.begin === undefined)
        throw new ChainFault(1, 'is missing, and no signed checkpoint says that it was pruned', row.seq)
    }
    takeRow(walk, row)
    if (anchor?.seq === row.seq) takeAnchor(walk, anchor)
    for (; next?.seq === row.seq; next = await read()) takeCheckpoint(walk, next)
  }
  return next
}

/** Nothing may say that there was more than is there. @throws ChainFault */
function requireEnd(walk: ChainWalk, left: AuditCheckpoint | undefined, anchor: Anchor | undefined): void {
  const { known, vouchedSeq, begin } = walk
  const missing = known.seq + 1
  const also = known.seq > vouchedSeq ? `; nothing vouches for the rows from ${vouchedSeq + 1} on` : ''
  if (left !== undefined)
    throw new ChainFault(missing, `is missing: there is a checkpoint of row ${left.seq}${also}`, left.seq)
  if (anchor !== undefined && anchor.seq > known.seq)
    throw new ChainFault(missing, `is missing: this gateway wrote up to row ${anchor.seq}${also}`, anchor.seq)
  if (anchor !== undefined) requireCheckpoint(walk, anchor.checkpoint, anchor.seq)
  if (begin !== undefined)
    throw new ChainFault(
      begin.seq,
      'and those before it are missing, and no signed event says that they were pruned',
    )
}

function toReport(walk: ChainWalk): AuditReport {
  const { rows, checkpoints, signedSeq, isPruned, firstSeq, known, fromMs, toMs } = walk
  return {
    rows,
    checkpoints,
    signedSeq,
    isPruned,
    ...(firstSeq === undefined ? {} : { firstSeq, lastSeq: known.seq, fromMs, toMs }),
  }
}
