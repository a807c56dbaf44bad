import { createHash } from 'node:crypto'

import type { Level, LevelKind } from '../../core/identity.ts'
import { canonicalJson, type JsonObject } from '../../core/json.ts'
import type { Budget, RateLimit } from '../../core/limits.ts'
import type { AccountRef } from './budgets/accounts.ts'
import { toMillionths } from './budgets/charge.ts'

/** Whose limit it is. */
export interface Holder {
  readonly kind: LevelKind
  readonly id: string
}

/** One rate of one level. */
export interface RateTerm {
  readonly holder: Holder
  readonly rate: RateLimit
  /** Under which it is counted; where it is counted apart, what is used comes after it. */
  readonly key: string
  readonly limit: number
  readonly windowMs: number
}

/** The calls in flight of one level. */
export interface ConcurrencyTerm {
  readonly holder: Holder
  readonly key: string
  readonly limit: number
}

/** One budget of one level. */
export interface BudgetTerm extends AccountRef {
  readonly holder: Holder
  readonly budget: Budget
  /** Millionths. */
  readonly limit: number
}

/** All limits that hold for somebody. */
export interface Terms {
  /** Of calls, and of requests. */
  readonly calls: readonly RateTerm[]
  readonly requests: readonly RateTerm[]
  readonly concurrency: readonly ConcurrencyTerm[]
  readonly budgets: readonly BudgetTerm[]
}

const WINDOWS_MS: Readonly<Record<RateLimit['per'], number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
}

/**
 * The limits of all levels. What is counted is named by its level and by everything but its amount: a limit that is raised
 * or lowered goes on with what has been used.
 */
export function compileTerms(levels: readonly Level[]): Terms {
  const rates = strictest(levels.flatMap(toRates), ({ key }) => key)
  return {
    calls: rates.filter(({ rate }) => rate.calls !== undefined),
    requests: rates.filter(({ rate }) => rate.requests !== undefined),
    concurrency: strictest(levels.flatMap(toConcurrency), ({ key }) => key),
    budgets: strictest(levels.flatMap(toBudgets), ({ account }) => account),
  }
}

function toRates({ kind, id, limits }: Level): RateTerm[] {
  return limits.rates.map((rate) => {
    const { calls, requests, ...rest } = rate
    const what = { ...rest, of: requests === undefined ? 'calls' : 'requests' }
    return {
      holder: { kind, id },
      rate,
      key: `${keyOf(kind, id, what)}:`,
      limit: requests ?? calls ?? 0,
      windowMs: WINDOWS_MS[rate.per],
    }
  })
}

function toConcurrency({ kind, id, limits: { concurrency } }: Level): ConcurrencyTerm[] {
  return concurrency === undefined ? [] : [{ holder: { kind, id }, key: `${kind}:${id}`, limit: concurrency }]
}

function toBudgets({ kind, id, limits }: Level): BudgetTerm[] {
  return limits.budgets.map((budget) => {
    const { amount, ...what } = budget
    return {
      holder: { kind, id },
      budget,
      account: keyOf(kind, id, what),
      per: budget.per,
      isCalendar: budget.calendar,
      limit: toMillionths(amount) ?? 0,
    }
  })
}

function keyOf(kind: LevelKind, id: string, what: JsonObject): string {
  return `${kind}:${id}:${createHash('sha256').update(canonicalJson(what)).digest('hex').slice(0, 16)}`
}

/** Of two limits that count the same only the lower one: to count it twice would halve it. */
function strictest<Term extends { readonly limit: number }>(
  terms: readonly Term[],
  keyOfTerm: (term: Term) => string,
): Term[] {
  const byKey = new Map<string, Term>()
  for (const term of terms) {
    const other = byKey.get(keyOfTerm(term))
    if (other === undefined || term.limit < other.limit) byKey.set(keyOfTerm(term), term)
  }
  return [...byKey.values()]
}
