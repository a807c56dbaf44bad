import type { BudgetStore } from '../../core/budget-store.ts'
import type { Call } from '../../core/call.ts'
import type { Standing } from '../../core/identity.ts'
import type { LimitSettings, Price } from '../../core/limits.ts'
import type { Clock } from '../../core/ports.ts'
import type { ToolRef } from '../../core/tool.ts'
import { createAccounts } from './budgets/accounts.ts'
import { chargeOf, type CallEnd } from './budgets/charge.ts'
import type { Reservation } from './budgets/purse.ts'
import { budgetsOf, isOwn, type BudgetDemand, type RateDemand } from './demand.ts'
import { createDemands } from './demands.ts'
import { describeLimits, type LimitState } from './describe.ts'
import { createPlaces, type Place, type Places } from './places.ts'
import { createRates } from './rates.ts'
import { concurrencyRefusal, rateRefusal } from './refusals.ts'
import { reserveAll } from './reserve.ts'
import type { ConcurrencyTerm } from './terms.ts'

/** What limits are made with. */
export interface LimitsParts {
  readonly clock: Clock
  readonly budgets: BudgetStore
  /** The limits of the gateway itself, and what calls cost: the same objects for as long as nothing has changed. */
  readonly gatewayLimits: () => LimitSettings
  readonly prices: () => readonly Price[]
  /** Processor time that a call of the tool may take in a sandbox, milliseconds; 0 for what runs no script. */
  readonly sandboxMsOf: (tool: ToolRef) => number
  /** Set aside in budgets of tokens for the answer of a call. Default 4,000. */
  readonly tokensPerCall?: number
  /**
   * What is in hand of a budget beyond a portion and was not used for so long goes back to the store, and a portion after 60 times as
   * long. Milliseconds, default 1,000.
   */
  readonly idleMs?: number
}

/** A call that was let through. */
export interface Pass {
  /**
   * Gives the place of the call back while it only waits for a person; what was paid of rates and set aside of budgets stays so. Absent: it has
   * none. What it returns waits for the place, and rejects with the reason of the signal.
   */
  readonly giveWay?: Place['giveWay']
  /** Called once, when the call has ended. Never throws. */
  readonly leave: (end: CallEnd) => void
}

/** Rates, calls in flight and budgets of all levels. */
export interface Limits {
  /**
   * Lets a call through all limits or none: one that is refused takes nothing of any of them.
   *
   * @returns undefined where nothing limits the call; a promise only where a budget has to be asked for in the store
   * @throws GatewayError `rate_limited`, `too_many_calls`, `budget_exhausted`, or (rejects with) that of the store where it cannot be asked
   */
  readonly enter: (call: Call) => Pass | Promise<Pass> | undefined
  /**
   * Counts one request to the gateway. Rates of requests know no tools: `tools` and `each` say nothing there.
   *
   * @throws GatewayError `rate_limited`
   */
  readonly takeRequest: (standing: Standing | undefined) => void
  /** What holds, what of it is used, and when it ends, for people. Rates and calls in flight are those of this process. */
  readonly describe: (standing: Standing | undefined) => Promise<readonly LimitState[]>
  /** Gives back what was taken of budgets and not used. Takes at most five seconds; never rejects. */
  readonly close: () => Promise<void>
}

const IDLE_MS = 1_000

/** Makes the limits of one gateway. They outlive a revision: what is used up stays so when a configuration is applied. */
export function createLimits(parts: LimitsParts): Limits {
  const { clock } = parts
  const rates = createRates()
  const lanes: Readonly<Record<Lane, Places>> = { own: createPlaces(), calls: createPlaces() }
  const accounts = createAccounts(parts.budgets, clock, parts.idleMs ?? IDLE_MS)
  const demands = createDemands(parts)

  const refuse = (
    ofCall: readonly RateDemand[],
    places: readonly ConcurrencyTerm[],
    lane: Lane,
    nowMs: number,
  ): void => {
    refuseRate(ofCall, nowMs)
    const full = lanes[lane].full(places)
    if (full !== undefined) throw concurrencyRefusal(full)
  }

  /** Of several it names the one that holds longest: whoever waits so long is let in. */
  const refuseRate = (asked: readonly RateDemand[], nowMs: number): void => {
    let longest: { readonly asked: RateDemand; readonly waitMs: number } | undefined
    for (const one of asked) {
      const waitMs = rates.waitMs(one.key, one.term.limit, nowMs)
      if (waitMs > (longest?.waitMs ?? 0)) longest = { asked: one, waitMs }
    }
    if (longest !== undefined) throw rateRefusal(longest.asked.term, longest.waitMs, longest.asked.of)
  }

  const count = (asked: readonly RateDemand[], nowMs: number): void => {
    for (const { term, key } of asked) rates.add(key, term.windowMs, nowMs)
  }

  /** The last step, and one that waits for nothing: what is looked at here is still so when it is counted. */
  const letIn = (
    call: Call,
    ofCall: readonly RateDemand[],
    places: readonly ConcurrencyTerm[],
    budgets: readonly BudgetDemand[],
    reservations: readonly Reservation[],
  ): Pass => {
    const nowMs = clock.monotonicMs()
    const lane = laneOf(call)
    refuse(ofCall, places, lane, nowMs)
    count(ofCall, nowMs)
    const place = places.length === 0 ? undefined : lanes[lane].take(places)
    return {
      ...(place === undefined ? {} : { giveWay: place.giveWay }),
      leave(end) {
        place?.leave()
        for (const [index, reservation] of reservations.entries()) {
          const asked = budgets[index]
          if (asked !== undefined)
            reservation.settle(chargeOf(asked.term.budget.unit, asked.amount, call, end))
        }
      },
    }
  }

  return {
    enter(call) {
      const wanted = demands.of(call)
      const places = holdsPlace(call) ? wanted.places : []
      const budgets = budgetsOf(call, wanted)
      if (wanted.rates.length === 0 && places.length === 0 && budgets.length === 0) return undefined
      if (budgets.length === 0) return letIn(call, wanted.rates, places, [], [])
      // Whoever calls too often is not to cost the store anything.
      refuse(wanted.rates, places, laneOf(call), clock.monotonicMs())
      return reserveAll(accounts, budgets, (reservations) => {
        call.signal.throwIfAborted()
        return letIn(call, wanted.rates, places, budgets, reservations)
      })
    },
    takeRequest(standing) {
      const { requests } = demands.terms(standing)
      if (requests.length === 0) return
      const nowMs = clock.monotonicMs()
      const asked = requests.map((term) => ({ term, key: term.key }))
      refuseRate(asked, nowMs)
      count(asked, nowMs)
    },
    describe: (standing) =>
      describeLimits(demands.terms(standing), {
        rates,
        inFlight: lanes.calls,
        accounts,
        store: parts.budgets,
        monotonicMs: clock.monotonicMs,
      }),
    close: () => accounts.close(),
  }
}

/** Calls of Isogate's own tools are counted apart from those that they make. */
type Lane = 'own' | 'calls'

function laneOf({ tool }: Call): Lane {
  return isOwn(tool) ? 'own' : 'calls'
}

/**
 * Whether the call counts as one in flight. One of Isogate's own tools is counted apart from the calls that it makes, and not at all within
 * another: it would wait for itself.
 */
function holdsPlace(call: Call): boolean {
  return call.parent === undefined || !isOwn(call.tool)
}
