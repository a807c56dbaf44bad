import type { BudgetStore } from '../../core/budget-store.ts'
import type { LevelKind } from '../../core/identity.ts'
import type { BudgetUnit, LimitWindow } from '../../core/limits.ts'
import type { Accounts } from './budgets/accounts.ts'
import { MILLIONTHS } from './budgets/charge.ts'
import { calendarWindow, NEVER_MS } from './budgets/windows.ts'
import type { InFlight } from './in-flight.ts'
import type { Rates } from './rates.ts'
import type { BudgetTerm, ConcurrencyTerm, RateTerm, Terms } from './terms.ts'

/** One limit, what of it is used, and when it ends, for people. */
export interface LimitState {
  readonly level: LevelKind
  /** Of the level; empty for the gateway. */
  readonly id: string
  readonly kind: 'rate' | 'concurrency' | 'budget'
  readonly unit: 'requests' | BudgetUnit
  readonly amount: number
  /** Of a budget: by all gateways, and with what is set aside for calls in flight. */
  readonly used: number
  readonly per?: LimitWindow
  readonly tools?: readonly string[]
  /** The server or the tool, where it is counted apart. Absent where nothing of it is used yet. */
  readonly of?: string
  /** When the window ends, milliseconds since the epoch. Absent: it slides, has no end, or begins with the first use. */
  readonly endsAtMs?: number
}

/** Where the figures come from. */
export interface LimitSources {
  readonly rates: Rates
  /** Without calls of Isogate's own tools. */
  readonly inFlight: Pick<InFlight, 'count'>
  readonly accounts: Accounts
  readonly store: BudgetStore
  readonly monotonicMs: () => number
}

/** The limits of somebody, with the figures of this moment. */
export async function describeLimits(terms: Terms, sources: LimitSources): Promise<readonly LimitState[]> {
  const nowMs = sources.monotonicMs()
  const rows = terms.budgets.length === 0 ? [] : await sources.store.list()
  return [
    ...[...terms.requests, ...terms.calls].flatMap((term) => describeRate(term, sources.rates, nowMs)),
    ...terms.concurrency.map((term) => describeConcurrency(term, sources.inFlight)),
    ...terms.budgets.map((term) => describeBudget(term, rows, sources.accounts)),
  ]
}

function describeRate(term: RateTerm, rates: Rates, nowMs: number): LimitState[] {
  const { per, tools, requests } = term.rate
  const state = {
    ...whose(term),
    kind: 'rate' as const,
    unit: requests === undefined ? ('calls' as const) : ('requests' as const),
    amount: term.limit,
    per,
    ...(tools === undefined ? {} : { tools }),
  }
  const used = rates.used(term.key, nowMs)
  if (used.length === 0) return [{ ...state, used: 0 }]
  return used.map(([key, count]) => {
    const of = key.slice(term.key.length)
    return { ...state, used: count, ...(of === '' ? {} : { of }) }
  })
}

function describeConcurrency(term: ConcurrencyTerm, inFlight: LimitSources['inFlight']): LimitState {
  const used = inFlight.count(term.key)
  return { ...whose(term), kind: 'concurrency', unit: 'calls', amount: term.limit, used }
}

function describeBudget(
  term: BudgetTerm,
  rows: Awaited<ReturnType<BudgetStore['list']>>,
  accounts: Accounts,
): LimitState {
  const { unit, amount, per, calendar, tools } = term.budget
  const nowMs = accounts.nowMs()
  const row = rows
    .filter(({ account, endsAtMs }) => account === term.account && endsAtMs > nowMs)
    .toSorted((a, b) => b.windowStartMs - a.windowStartMs)[0]
  const endsAtMs = row?.endsAtMs ?? (calendar ? calendarWindow(per, nowMs).endsAtMs : NEVER_MS)
  return {
    ...whose(term),
    kind: 'budget',
    unit,
    amount,
    used: Math.max(0, (row?.spent ?? 0) - accounts.inHand(term.account)) / MILLIONTHS,
    per,
    ...(tools === undefined ? {} : { tools }),
    ...(endsAtMs >= NEVER_MS ? {} : { endsAtMs }),
  }
}

function whose({ holder: { kind, id } }: { readonly holder: RateTerm['holder'] }): {
  readonly level: LevelKind
  readonly id: string
} {
  return { level: kind, id }
}
