import type { ServerPlan } from '../config/compile.ts'
import type { Layer } from '../core/call.ts'
import type { Backend, Clock } from '../core/ports.ts'
import { createSlotsLayer } from '../policy/layers/slots.ts'
import { createFlights, type Flights } from './flights.ts'

/** A backend of the configuration with what belongs to its connection: a revision that keeps the one keeps the others. */
export interface Upstream {
  readonly plan: ServerPlan
  readonly backend: Backend
  /** Calls that were admitted under a revision that has this upstream, those that wait for a slot too. */
  readonly flights: Flights
  /** One for all revisions: a swap does not double what a server has to take. */
  readonly slots: Layer
  /** When it was started, on the monotonic clock. */
  readonly startedMs: number
}

/** Every upstream that is open: in use, being provisioned, or draining. */
export interface Fleet {
  /** The upstreams of a plan: those that are there and unchanged as they are, the others started beside them. */
  readonly provision: (plans: readonly ServerPlan[], there: readonly Upstream[]) => readonly Upstream[]
  /** Closes upstreams as soon as their calls have ended, or after the limit. Never rejects. */
  readonly drain: (upstreams: readonly Upstream[], limitMs: number) => Promise<void>
  /** Closes upstreams that nobody calls. Never rejects. */
  readonly discard: (upstreams: readonly Upstream[]) => Promise<void>
  /** Closes whatever is open. */
  readonly close: () => Promise<void>
}

/** Begins with nothing open. */
export function createFleet(createUpstream: (plan: ServerPlan) => Backend, clock: Clock): Fleet {
  const open = new Set<Upstream>()

  const start = (plan: ServerPlan): Upstream => {
    const upstream: Upstream = Object.freeze({
      plan,
      backend: createUpstream(plan),
      flights: createFlights(),
      slots: createSlotsLayer(() => plan.limits),
      startedMs: clock.monotonicMs(),
    })
    open.add(upstream)
    return upstream
  }

  const discard = async (upstreams: readonly Upstream[]): Promise<void> => {
    await Promise.allSettled(
      upstreams.map(async (upstream) => {
        await upstream.backend.close()
        open.delete(upstream)
      }),
    )
  }

  return {
    provision(plans, there) {
      const reusable = new Map(there.map((upstream) => [upstream.plan.name, upstream]))
      const started: Upstream[] = []
      try {
        return plans.map((plan) => {
          const old = reusable.get(plan.name)
          if (old?.plan.fingerprint === plan.fingerprint) return old
          const upstream = start(plan)
          started.push(upstream)
          return upstream
        })
      } catch (error) {
        void discard(started)
        throw error
      }
    },
    async drain(upstreams, limitMs) {
      await Promise.all(
        upstreams.map(async (upstream) => {
          await upstream.flights.idle(limitMs)
          await discard([upstream])
        }),
      )
    },
    discard,
    close: async () => {
      await Promise.all([...open].map(({ backend }) => backend.close()))
    },
  }
}
