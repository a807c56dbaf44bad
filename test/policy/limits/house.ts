import type { BudgetStore } from '../../../src/core/budget-store.ts'
import type { Call, Handler } from '../../../src/core/call.ts'
import { GatewayError } from '../../../src/core/errors.ts'
import type { Level, LevelKind, Standing } from '../../../src/core/identity.ts'
import type { Budget, LimitSettings, Price } from '../../../src/core/limits.ts'
import type { Clock } from '../../../src/core/ports.ts'
import { textResult } from '../../../src/core/result.ts'
import { createLimitsLayer } from '../../../src/policy/layers/limits.ts'
import { createLimits, type Limits } from '../../../src/policy/limits/limits.ts'
import { callOf } from '../call-of.ts'

const NO_LIMITS: LimitSettings = { rates: [], budgets: [] }

function limitsOf(some: Partial<LimitSettings>): LimitSettings {
  return { ...NO_LIMITS, ...some }
}

export function budgetOf(amount: number, more: Partial<Budget> = {}): Budget {
  return { unit: 'calls', amount, per: 'day', calendar: true, ...more }
}

export function levelOf(kind: LevelKind, id: string, some: Partial<LimitSettings>): Level {
  return { kind, id, policy: {}, limits: limitsOf(some) }
}

/** The standing of a key of which nothing but its own limits hold. */
export function keyWith(some: Partial<LimitSettings>, id = 'ci'): Standing {
  return { key: id, levels: [levelOf('key', id, some)] }
}

/** A call of `server.tool` with a standing. */
export function callWith(standing: Standing | undefined, key = 'files.read', more: Partial<Call> = {}): Call {
  return callOf(key, {}, { trail: standing === undefined ? {} : { standing }, ...more })
}

export interface House {
  readonly limits: Limits
  readonly handler: Handler
  /** Ids of the calls that came through. */
  readonly made: Call[]
}

/** Limits with their layer around a backend that answers at once, unless another is given. */
export function houseOf(
  clock: Clock,
  budgets: BudgetStore,
  more: {
    readonly gateway?: Partial<LimitSettings>
    readonly prices?: readonly Price[]
    readonly backend?: Handler
    readonly idleMs?: number
    readonly sandboxMs?: number
  } = {},
): House {
  const gateway = limitsOf(more.gateway ?? {})
  const prices = more.prices ?? []
  const limits = createLimits({
    clock,
    budgets,
    gatewayLimits: () => gateway,
    prices: () => prices,
    sandboxMsOf: ({ server, name }) =>
      server === 'code' && name === 'run_script' ? (more.sandboxMs ?? 10_000) : 0,
    ...(more.idleMs === undefined ? {} : { idleMs: more.idleMs }),
  })
  const made: Call[] = []
  const backend = more.backend ?? (() => Promise.resolve(textResult('ok')))
  const handler = createLimitsLayer(limits)((call) => {
    made.push(call)
    return backend(call)
  })
  return { limits, handler, made }
}

/** What became of a call: `ok`, or the code of the refusal. */
export async function outcomeOf(handler: Handler, call: Call): Promise<string> {
  try {
    await handler(call)
    return 'ok'
  } catch (error) {
    if (error instanceof GatewayError) return error.code
    throw error
  }
}

/** The refusal of a call. */
export async function refusalOf(handler: Handler, call: Call): Promise<GatewayError> {
  try {
    await handler(call)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('It was let through.')
}
