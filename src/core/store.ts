import type { ApprovalStore, EffectStore } from './approval.ts'
import type { AuditStore } from './audit.ts'
import type { BudgetStore } from './budget-store.ts'
import type { IdentityStore } from './identity.ts'
import type { Json, JsonObject } from './json.ts'

/*
 * What outlives a call or the process. `owner` is the id of a principal; what belongs to another owner is as if it were not there.
 * What is said to throw rejects.
 */

/** A value to be kept for later scripts. */
export interface NewValue {
  /** JSON text. */
  readonly json: string
  /** What a script returned, or content blocks of MCP. */
  readonly kind: 'value' | 'content'
  readonly mimeType?: string
  readonly name?: string
}

/** A value that was kept. */
export interface StoredValue extends NewValue {
  readonly savedAtMs: number
  readonly expiresAtMs: number
}

/** Values that were too large for an answer. Never rejects: what cannot be kept or read is not there. */
export interface HandleStore {
  /** The handle, `h_` and 20 characters that nobody can guess; nothing where the value does not fit. Older values make room. */
  readonly keep: (owner: string, value: NewValue) => Promise<string | undefined>
  readonly open: (owner: string, handle: string) => Promise<StoredValue | undefined>
}

/** A run that was suspended, with all that is needed to play it again. */
export interface NewRun {
  readonly id: string
  readonly owner: string
  readonly code: string
  readonly input?: Json
  readonly options: JsonObject
  /** What its sandbox recorded. */
  readonly record: Json
  /** Why it waits, in words for a person. */
  readonly reasons: readonly string[]
}

export interface SuspendedRun extends NewRun {
  readonly savedAtMs: number
  readonly expiresAtMs: number
}

/** A suspended run without its content. */
export interface RunSummary {
  readonly id: string
  readonly owner: string
  readonly reasons: readonly string[]
  readonly savedAtMs: number
  readonly expiresAtMs: number
  /** Somebody resumes it right now. */
  readonly isClaimed: boolean
}

/** The right to resume a run, until it runs out. Whoever claims the run after that has it alone. */
export interface RunClaim {
  readonly run: SuspendedRun
  readonly token: string
}

/**
 * Suspended runs. What was written is there after a power cut. Several processes may share it: of two that claim a run
 * exactly one gets it.
 *
 * Throws GatewayError `store_unusable` where the store fails, `store_full` where a run does not fit.
 */
export interface RunStore {
  /** Writes a run that is not there yet, and gives it its time to live. A run of the same owner and id is replaced. */
  readonly save: (run: NewRun) => Promise<SuspendedRun>
  readonly load: (owner: string, id: string) => Promise<SuspendedRun | undefined>
  /** The newest first, at most 1,000; of everybody where no owner is given. */
  readonly list: (owner?: string) => Promise<readonly RunSummary[]>
  /** @returns nothing where there is no such run, or where somebody else has it */
  readonly claim: (owner: string, id: string, untilMs: number) => Promise<RunClaim | undefined>
  /** Holds a claim for longer. @returns false where it was lost */
  readonly renew: (claim: RunClaim, untilMs: number) => Promise<boolean>
  /** Writes what the run has become, suspended once more, and gives the claim up. @returns false where the claim was lost */
  readonly update: (claim: RunClaim, run: NewRun) => Promise<boolean>
  /** Gives a claim up and leaves the run as it was. */
  readonly release: (claim: RunClaim) => Promise<void>
  /** Ends a run that was claimed. @returns false where the claim was lost */
  readonly finish: (claim: RunClaim) => Promise<boolean>
  /** Takes a run away, claimed or not: its owner gave it up. @returns false where there was none */
  readonly remove: (owner: string, id: string) => Promise<boolean>
}

/** What was learned of the results of a tool. */
export interface StoredShape {
  readonly shape: Json
  /** Results that it was made from. */
  readonly samples: number
  /** Results that were seen, whether looked at or not. */
  readonly results: number
}

/** Shapes by a key of the caller's. `save` never rejects: what is lost is learned again. */
export interface ShapeStore {
  /** The newest first. @throws GatewayError `store_unusable` */
  readonly load: () => Promise<ReadonlyMap<string, StoredShape>>
  readonly save: (key: string, shape: StoredShape) => Promise<void>
}

/** Counts of successful calls by tool key. `add` never throws and never waits: it is written a little later, many at once. */
export interface UsageStore {
  readonly add: (key: string, count: number) => void
  /** What was counted by all processes that share the store. @throws GatewayError `store_unusable` */
  readonly load: () => Promise<ReadonlyMap<string, number>>
}

/** What runs saved, as it is added up. */
export interface SavingsTotals {
  readonly runs: number
  readonly calls: number
  readonly turnsAvoided: number
  /** Tokens that the same calls would have cost one by one. */
  readonly directTokens: number
  readonly usedTokens: number
  /** The name of the method by which it was counted: sums are never over two methods. */
  readonly method: string
}

export interface SavingsEntry extends SavingsTotals {
  readonly atMs: number
  readonly principal: string
}

export interface SavingsRow extends SavingsTotals {
  /** `YYYY-MM-DD` in UTC, where it was asked for by day. */
  readonly day?: string
  /** Where it was asked for by principal. */
  readonly principal?: string
}

export interface SavingsQuery {
  /** From the beginning of the day (UTC) that this moment belongs to. Absent: all there is. */
  readonly sinceMs?: number
  readonly by?: 'day' | 'principal'
}

/** One row per day, principal and method, whatever the number of runs. `add` never rejects. */
export interface SavingsLedger {
  readonly add: (entry: SavingsEntry) => Promise<void>
  /** By day, or by principal in the order of their tokens. @throws GatewayError `store_unusable` */
  readonly sum: (query?: SavingsQuery) => Promise<readonly SavingsRow[]>
}

/** All of it. */
export interface Store {
  readonly handles: HandleStore
  readonly runs: RunStore
  readonly shapes: ShapeStore
  readonly usage: UsageStore
  readonly savings: SavingsLedger
  readonly identity: IdentityStore
  readonly approvals: ApprovalStore
  readonly effects: EffectStore
  readonly budgets: BudgetStore
  readonly audit: AuditStore
  /** Writes what is still to be written, and closes. May be called twice. Never rejects. */
  readonly close: () => Promise<void>
}
