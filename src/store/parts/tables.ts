import type { Generated } from 'kysely'

/** The tables of what was there first: kept values, suspended runs, what was learned, uses, savings. */
export interface PartTables {
  readonly handle: HandleTable
  readonly run: RunTable
  readonly shape: ShapeTable
  readonly usage: UsageTable
  readonly savings: SavingsTable
}

interface HandleTable {
  /** Grows: the oldest has the smallest. */
  readonly seq: Generated<number>
  readonly handle: string
  readonly owner: string
  /** Of the value before it was sealed. */
  readonly bytes: number
  readonly savedAtMs: number
  readonly expiresAtMs: number
  readonly kind: string
  readonly mimeType: string | null
  readonly name: string | null
  /** Sealed. */
  readonly json: string
}

interface RunTable {
  readonly owner: string
  readonly id: string
  /** Of the run before it was sealed. */
  readonly bytes: number
  readonly savedAtMs: number
  readonly expiresAtMs: number
  readonly claim: string | null
  readonly claimUntilMs: Generated<number>
  /** JSON. */
  readonly reasons: string
  /** Sealed, like the rest: JSON, source, JSON, JSON. */
  readonly options: string
  readonly code: string
  readonly input: string | null
  readonly record: string
}

interface ShapeTable {
  readonly key: string
  readonly savedAtMs: number
  readonly samples: number
  readonly results: number
  /** JSON. */
  readonly shape: string
}

interface UsageTable {
  readonly key: string
  readonly usedAtMs: number
  readonly count: number
}

interface SavingsTable {
  /** Days since the epoch. */
  readonly day: number
  readonly principal: string
  readonly method: string
  readonly runs: number
  readonly calls: number
  readonly turnsAvoided: number
  readonly directTokens: number
  readonly usedTokens: number
}
