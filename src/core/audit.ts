import type { Door } from './call.ts'
import type { ErrorCode } from './error-table.ts'
import type { Json, JsonObject } from './json.ts'
import type { Verdict } from './rule.ts'

/** What is recorded. `suggestion`: a call that was only simulated. `audit.lost`: events that there was no room for while the store failed. */
export const AUDIT_KINDS = [
  'call',
  'suggestion',
  'approval.asked',
  'approval.decided',
  'approval.expired',
  'login',
  'login.refused',
  'config.applied',
  'config.refused',
  'identity.changed',
  'server.started',
  'audit.pruned',
  'audit.lost',
  'store.changed',
] as const

export type AuditKind = (typeof AUDIT_KINDS)[number]

/** One thing that happened, as it is written. Plain JSON; no credential is ever in it. */
export interface AuditEvent {
  readonly kind: AuditKind
  /** Wall clock, milliseconds since the epoch. */
  readonly atMs: number
  /** Of the call, the approval or the change. */
  readonly id: string
  readonly parent?: string
  /** 32 hexadecimal digits, where the caller sent one (W3C Trace Context). */
  readonly traceId?: string
  readonly door?: Door
  /** The id of the principal, or who decided or changed something. */
  readonly principal: string
  readonly organisation?: string
  readonly team?: string
  readonly method?: string
  /** `server.tool`. */
  readonly tool?: string
  /** `sha256:…` over the canonical JSON of the arguments. */
  readonly argumentsHash?: string
  /** Where the configuration says that they are stored. */
  readonly args?: JsonObject
  readonly verdict?: Verdict
  /** The rule that decided. */
  readonly rule?: string
  /** The id of the approval that let the call through, or that it waits for. */
  readonly approval?: string
  readonly outcome: 'ok' | 'tool_error' | 'refused'
  readonly code?: ErrorCode
  readonly durationMs?: number
  readonly argumentBytes?: number
  readonly resultBytes?: number
  /** Particulars of what is no call. */
  readonly detail?: Json
}

/** An event with its place in the chain. */
export interface AuditRow {
  /** From 1, without gaps. */
  readonly seq: number
  /** The canonical JSON of the event. */
  readonly body: string
  /** SHA-256, hexadecimal, over `seq`, the hash of the row before (64 zeros for the first) and `body`, with a line feed between each two. */
  readonly hash: string
}

/** A signature under the chain up to a row. */
export interface AuditCheckpoint {
  readonly seq: number
  readonly hash: string
  /** Number of the checkpoint of the same key before this one, so that one that was taken away is missed; 0 for the first. */
  readonly previous: number
  readonly atMs: number
  /** SHA-256 of the public key in DER (SPKI), hexadecimal, the first 16 digits. */
  readonly keyId: string
  /** Ed25519, base64, over the canonical JSON of the other members. */
  readonly signature: string
}

export interface AuditQuery {
  readonly fromMs?: number
  readonly toMs?: number
  readonly principal?: string
  readonly tool?: string
  readonly kind?: AuditKind
  readonly outcome?: AuditEvent['outcome']
  /** Rows after this one. */
  readonly afterSeq?: number
  readonly newestFirst?: boolean
  /** 100 where it is absent, never more than 10,000. */
  readonly limit?: number
}

/**
 * The rows of the audit. Several processes may append to one chain: the store puts the hashes in, in one transaction for all
 * events of a call of `append`.
 */
export interface AuditStore {
  /** Resolves when the rows are on the disk. @returns the last of them */
  readonly append: (bodies: readonly AuditBody[]) => Promise<Pick<AuditRow, 'seq' | 'hash'>>
  readonly list: (query: AuditQuery) => Promise<readonly AuditRow[]>
  readonly last: () => Promise<Pick<AuditRow, 'seq' | 'hash'> | undefined>
  /** Those with this number and later, in their order; at most 10,000, so that whoever wants all asks again from the last one on. */
  readonly checkpoints: (fromSeq: number) => Promise<readonly AuditCheckpoint[]>
  readonly putCheckpoint: (checkpoint: AuditCheckpoint) => Promise<void>
  /**
   * Takes the rows up to the checkpoint with this number away, its own one included, and the checkpoints before it. The checkpoint stays: the
   * chain is verified from there. @returns how many rows
   */
  readonly prune: (checkpointSeq: number) => Promise<number>
  readonly close: () => Promise<void>
}

/** An event as it is appended: its canonical JSON, and beside it what is searched for. */
export interface AuditBody {
  readonly body: string
  readonly atMs: number
  readonly kind: AuditKind
  readonly principal: string
  readonly tool?: string
  readonly outcome: AuditEvent['outcome']
}

/** How soon a record is on the disk. */
export type AuditDurability = 'strict' | 'batched'

/** Where events go. */
export interface Audit {
  /** Batched: at most 50 ms behind. Never throws and never waits. */
  readonly note: (event: AuditEvent) => void
  /** Strict: resolves when it is on the disk. @throws GatewayError `audit_unavailable` */
  readonly record: (event: AuditEvent) => Promise<void>
  /**
   * What has to be recorded must not begin where this throws. `strict` (also where nothing is said): nothing can be written at the moment.
   * `batched`: no more can be remembered until it can be written.
   *
   * @throws GatewayError `audit_unavailable`
   */
  readonly requireReady: (durability?: AuditDurability) => void
  readonly close: () => Promise<void>
}
