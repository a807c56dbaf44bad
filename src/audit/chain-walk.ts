import { FIRST_HASH, hashAuditRow } from '../core/audit-hash.ts'
import type { AuditCheckpoint, AuditRow } from '../core/audit.ts'
import { isJsonObject, type Json } from '../core/json.ts'
import type { Anchor } from './anchor.ts'
import { allowsPruning, isSigned, type Head } from './checkpoint.ts'
import type { TrustedKeys } from './signing-key.ts'

/** The first thing that is wrong. */
export interface AuditFault {
  /** The first row that is bad or, where rows were written anew with good hashes, the first one that nothing vouches for. */
  readonly seq: number
  /** The row or the checkpoint at which it shows: the bad row is not after it. */
  readonly upTo: number
  /** For a person, behind the words "Row 7": what is wrong with it. */
  readonly why: string
}

/** Ends a walk. */
export class ChainFault extends Error {
  override readonly name = 'ChainFault'
  readonly fault: AuditFault
  constructor(seq: number, why: string, upTo = seq) {
    super(why)
    this.fault = { seq, upTo, why }
  }
}

/** Whose signatures count. */
export interface Trust {
  readonly keys: TrustedKeys
  /** True: a signature of an unknown key says nothing. Otherwise it is a fault. */
  readonly ignoresOthers: boolean
}

/** A way along a chain, and what is known so far. */
export interface ChainWalk {
  readonly trust: Trust
  known: Head
  /** The row before that. */
  before: Head
  rows: number
  checkpoints: number
  signedSeq: number
  /** All rows up to here are vouched for, by a signature or by the anchor. */
  vouchedSeq: number
  firstSeq: number | undefined
  fromMs: number
  toMs: number
  /** Where the chain begins because what was before is pruned, until a signed event has said so. */
  begin: Head | undefined
  isPruned: boolean
  /** Numbers of all checkpoints so far. */
  readonly signed: Set<number>
}

/** Stands before the first row. */
export function startWalk(trust: Trust): ChainWalk {
  return {
    trust,
    known: { seq: 0, hash: FIRST_HASH },
    before: { seq: 0, hash: '' },
    rows: 0,
    checkpoints: 0,
    signedSeq: 0,
    vouchedSeq: 0,
    firstSeq: undefined,
    fromMs: Number.POSITIVE_INFINITY,
    toMs: Number.NEGATIVE_INFINITY,
    begin: undefined,
    isPruned: false,
    signed: new Set(),
  }
}

/** Goes one row further. @throws ChainFault */
export function takeRow(walk: ChainWalk, row: AuditRow): void {
  const { known, before } = walk
  const seq = known.seq + 1
  if (row.seq > seq) throw new ChainFault(seq, 'is missing')
  if (row.seq < seq) throw new ChainFault(row.seq, 'is there twice')
  if (row.hash !== hashAuditRow(seq, known.hash, row.body)) {
    if (row.hash === known.hash) throw new ChainFault(seq, 'is there twice')
    if (row.hash === hashAuditRow(seq - 1, before.hash, row.body))
      throw new ChainFault(seq - 1, 'was put in', seq)
    throw new ChainFault(
      seq,
      'was changed, put in or moved: its hash does not follow from its content and the row before',
    )
  }
  walk.before = known
  walk.known = { seq, hash: row.hash }
  walk.firstSeq ??= seq
  walk.rows += 1
  const { atMs, kind, detail } = parseEvent(row)
  walk.fromMs = Math.min(walk.fromMs, atMs)
  walk.toMs = Math.max(walk.toMs, atMs)
  if (walk.begin === undefined || kind !== 'audit.pruned') return
  if (!allowsPruning(detail, walk.begin, walk.trust.keys)) return
  walk.begin = undefined
  walk.isPruned = true
}

/** The anchor says what the row is that was taken last. @throws ChainFault */
export function takeAnchor(walk: ChainWalk, { hash, seq }: Anchor): void {
  if (walk.known.hash !== hash) throw rewritten(walk, seq, 'it is not the row that this gateway wrote last')
  walk.vouchedSeq = seq
}

/** A checkpoint says what the row is that was taken last. @throws ChainFault */
export function takeCheckpoint(walk: ChainWalk, checkpoint: AuditCheckpoint): void {
  const { seq, hash, previous } = checkpoint
  const isTrusted = requireSignature(walk, checkpoint)
  if (isTrusted && hash !== walk.known.hash) throw rewritten(walk, seq, 'it is not the row that was signed')
  requireCheckpoint(walk, isTrusted ? previous : 0, seq)
  remember(walk, seq, isTrusted)
}

/** A checkpoint without its row: the last of them is where a pruned chain begins. @throws ChainFault */
export function takeCheckpointBefore(walk: ChainWalk, checkpoint: AuditCheckpoint, firstSeq: number): void {
  const isTrusted = requireSignature(walk, checkpoint)
  const { seq, hash } = checkpoint
  if (seq !== firstSeq - 1) return
  walk.begin = { seq, hash }
  walk.known = { seq, hash }
  remember(walk, seq, isTrusted)
}

/**
 * A checkpoint that something names, and that is not before the first row, must be there. Of two keys that sign one row only one signature is
 * kept, so it may be anybody's.
 *
 * @throws ChainFault
 */
export function requireCheckpoint({ firstSeq = 1, signed }: ChainWalk, seq: number, upTo: number): void {
  if (seq > 0 && seq >= firstSeq - 1 && !signed.has(seq))
    throw new ChainFault(seq, 'had a checkpoint, which was taken away', Math.max(seq, upTo))
}

/** True where it is of a key that is trusted. */
function requireSignature({ trust }: ChainWalk, checkpoint: AuditCheckpoint): boolean {
  const { seq, keyId } = checkpoint
  if (!trust.keys.has(keyId)) {
    if (trust.ignoresOthers) return false
    throw new ChainFault(seq, `has a checkpoint of the unknown key ${toName(keyId)}`)
  }
  if (!isSigned(checkpoint, trust.keys))
    throw new ChainFault(seq, 'has a checkpoint whose signature is not good')
  return true
}

function remember(walk: ChainWalk, seq: number, isTrusted: boolean): void {
  walk.signed.add(seq)
  if (!isTrusted) return
  walk.signedSeq = seq
  walk.vouchedSeq = seq
  walk.checkpoints += 1
}

/** Rows whose hashes are good, and which are not those that somebody vouched for: nobody can say which of them is the first bad one. */
function rewritten({ vouchedSeq }: ChainWalk, seq: number, why: string): ChainFault {
  const first = Math.min(vouchedSeq + 1, seq)
  return new ChainFault(first, `or one after it was written anew, up to row ${seq}: ${why}`, seq)
}

interface ReadEvent {
  readonly atMs: number
  readonly kind: Json | undefined
  readonly detail: Json | undefined
}

function parseEvent({ seq, body }: AuditRow): ReadEvent {
  let event: unknown
  try {
    event = JSON.parse(body)
  } catch {
    // Told below: its hash is good, so it was written so.
  }
  if (!isJsonObject(event) || typeof event['atMs'] !== 'number') throw new ChainFault(seq, 'holds no event')
  return { atMs: event['atMs'], kind: event['kind'], detail: event['detail'] }
}

function toName(keyId: string): string {
  return /^[0-9a-f]{1,64}$/.test(keyId) ? keyId : 'without a name'
}
