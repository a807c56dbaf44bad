import type { Call } from '../../../core/call.ts'
import { GatewayError } from '../../../core/errors.ts'
import type { ErrorCode } from '../../../core/error-table.ts'
import type { BudgetUnit } from '../../../core/limits.ts'
import type { Result } from '../../../core/result.ts'
import { estimateTokens } from './estimate.ts'

/** How a call ended. */
export type CallEnd = { readonly result: Result } | { readonly thrown: unknown }

/** Amounts of budgets are whole numbers of these. */
export const MILLIONTHS = 1_000_000

/**
 * What was refused before anything was sent or executed. Every other failure may have come after the tool had its effect, and is charged: a
 * budget that was given back for a call that took place would be exceeded.
 */
const NOT_MADE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unknown_tool',
  'unknown_prompt',
  'unknown_resource',
  'unknown_method',
  'unknown_run',
  'invalid_arguments',
  'policy_denied',
  'key_revoked',
  'rate_limited',
  'too_many_calls',
  'budget_exhausted',
  'approval_pending',
  'approval_denied',
  'approval_forbidden',
  'unknown_approval',
  'effect_unknown',
  'audit_unavailable',
  'overloaded',
  'nested_run',
  'script_syntax',
  'script_check',
  'sandbox_busy',
  'sandbox_unavailable',
  'store_full',
  'shutting_down',
])

/** True where the call may have had its effect. */
export function mayBeMade(end: CallEnd): boolean {
  if ('result' in end) return true
  const { thrown } = end
  if (!(thrown instanceof GatewayError)) return true
  if (thrown.code !== 'upstream_unavailable') return !NOT_MADE.has(thrown.code)
  // Whoever answers 502 or 504 in the place of a server may have passed the call on before.
  return Number(thrown.detail['upstreamStatus'] ?? 0) >= 500
}

/**
 * What a call came to in a unit, millionths.
 *
 * @param reserved what was set aside for it
 */
export function chargeOf(unit: BudgetUnit, reserved: number, call: Call, end: CallEnd): number {
  const isMade = mayBeMade(end)
  if (unit === 'sandboxSeconds') return toMillionths(call.trail?.sandboxSeconds) ?? (isMade ? reserved : 0)
  if (unit !== 'tokens') return isMade ? reserved : 0
  // What was not delivered costs no tokens.
  if (!('result' in end)) return 0
  return toMillionths(call.trail?.resultTokens ?? estimateTokens(end.result)) ?? reserved
}

/** Whole millionths; nothing where it is no amount. */
export function toMillionths(amount: number | undefined): number | undefined {
  if (amount === undefined || !Number.isFinite(amount) || amount < 0) return undefined
  return Math.min(Math.round(amount * MILLIONTHS), Number.MAX_SAFE_INTEGER)
}
