import { GatewayError, type ErrorDetail } from '../../core/errors.ts'
import type { Budget, LimitWindow } from '../../core/limits.ts'
import type { BudgetTerm, ConcurrencyTerm, Holder, RateTerm } from './terms.ts'
import { NEVER_MS } from './budgets/windows.ts'

/** When to try again is not known where calls in flight have to end first; this is worth a try. */
const RETRY_MS = 1_000

const PER: Readonly<Record<LimitWindow, string>> = {
  second: 'a second',
  minute: 'a minute',
  hour: 'an hour',
  day: 'a day',
  week: 'a week',
  month: 'a month',
  total: 'in all',
}

const UNITS: Readonly<Record<Budget['unit'], string>> = {
  calls: 'calls',
  money: 'of money',
  tokens: 'tokens',
  sandboxSeconds: 'seconds of the sandbox',
}

/** Whose limit it is, in words: `the key ci`. */
function nameOf({ kind, id }: Holder): string {
  return kind === 'gateway' ? 'the gateway' : `the ${kind} ${id}`
}

/** @param of the server or the tool, where it is counted apart */
export function rateRefusal({ holder, rate, limit }: RateTerm, waitMs: number, of?: string): GatewayError {
  const unit = rate.requests === undefined ? 'calls' : 'requests'
  const subject = of === undefined ? '' : ` for ${of}`
  const retryAfterMs = Math.max(1, Math.ceil(waitMs))
  return new GatewayError(
    'rate_limited',
    `A rate of ${nameOf(holder)}${subject} is used up: ${limit} ${unit} ${PER[rate.per]}. There is room again in ${inSeconds(retryAfterMs)}.`,
    { detail: { ...whose(holder), limit, unit, per: rate.per, ...optional('for', of), retryAfterMs } },
  )
}

export function concurrencyRefusal({ holder, limit }: ConcurrencyTerm): GatewayError {
  return new GatewayError(
    'too_many_calls',
    `As many calls of ${nameOf(holder)} are in flight as it may have: ${limit}. There is room again when one of them ends.`,
    { detail: { ...whose(holder), limit, unit: 'calls', retryAfterMs: RETRY_MS } },
  )
}

/** @param endsAtMs when the window ends, milliseconds since the epoch */
export function budgetRefusal({ holder, budget }: BudgetTerm, endsAtMs: number, nowMs: number): GatewayError {
  const { unit, amount, per } = budget
  const has = `A budget of ${nameOf(holder)} is used up or set aside for calls in flight: ${amount} ${UNITS[unit]} ${PER[per]}.`
  const isEndless = endsAtMs >= NEVER_MS
  const endsAt = isEndless ? undefined : new Date(endsAtMs).toISOString()
  const end = isEndless ? 'It is not filled again.' : `It is filled again at ${String(endsAt)}.`
  const retry = isEndless ? {} : { retryAfterMs: Math.max(1, Math.ceil(endsAtMs - nowMs)) }
  return new GatewayError('budget_exhausted', `${has} ${end}`, {
    detail: { ...whose(holder), limit: amount, unit, per, ...optional('endsAt', endsAt), ...retry },
  })
}

function whose({ kind, id }: Holder): ErrorDetail {
  return { level: kind, ...(kind === 'gateway' ? {} : { id }) }
}

function optional(name: string, value: string | undefined): ErrorDetail {
  return value === undefined ? {} : { [name]: value }
}

function inSeconds(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${Math.ceil(ms / 1_000)} s`
}
