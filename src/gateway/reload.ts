import type { Plan } from '../config/compile.ts'
import { diffPlans, isSamePlan, type PlanDiff } from '../config/diff.ts'
import { GatewayError } from '../core/errors.ts'
import { within } from '../core/within.ts'
import type { Fleet, Upstream } from './fleet.ts'
import type { Revision } from './revision.ts'

/** What came of a new configuration. */
export interface Reloaded {
  readonly revision: number
  /** False: nothing that can be changed while running differs, and the revision is as before. */
  readonly applied: boolean
  /** Against the configuration that was at work. What it lists under `restart` was not applied. */
  readonly diff: PlanDiff
}

/** What a reload works with. */
export interface ReloadParts {
  readonly fleet: Fleet
  readonly provisionMs: number
  readonly drainMs: number
  readonly current: () => Revision
  readonly isStopping: () => boolean
  /** Puts the next revision in the place of the current one, at once. */
  readonly swap: (next: Pick<Revision, 'number' | 'plan' | 'upstreams'>) => void
  /** Tells the listeners. After the swap, so that no failure of theirs can undo half of it. */
  readonly announce: (servers: readonly string[]) => void
}

/**
 * Makes the way to apply another configuration: provision beside the old, swap, drain. A failure before the swap leaves
 * everything as it was.
 */
export function createReload(parts: ReloadParts): (plan: Plan) => Promise<Reloaded> {
  const { fleet, current } = parts
  let last: Promise<unknown> = Promise.resolve()

  const apply = async (wanted: Plan): Promise<Reloaded> => {
    const before = current()
    const plan = withFixedParts(wanted, before.plan)
    const diff = diffPlans(before.plan, wanted)
    if (isSamePlan(before.plan, plan)) return { revision: before.number, applied: false, diff }
    refuseIfStopping()
    const upstreams = fleet.provision(plan.servers, before.upstreams)
    const fresh = upstreams.filter((upstream) => !before.upstreams.includes(upstream))
    try {
      // A server that does not come up is no reason to refuse a configuration: it appears when it connects.
      await Promise.all(
        fresh.map((upstream) => within(upstream.backend.settled(), patienceFor(upstream, before.upstreams))),
      )
      refuseIfStopping()
      parts.swap({ number: before.number + 1, plan, upstreams })
    } catch (error) {
      void fleet.discard(fresh)
      throw error
    }
    void fleet.drain(
      before.upstreams.filter((upstream) => !upstreams.includes(upstream)),
      parts.drainMs,
    )
    parts.announce([...before.upstreams, ...upstreams].map(({ plan: { name } }) => name))
    return { revision: before.number + 1, applied: true, diff }
  }

  /** One that is to replace a server that works is waited for as long as it may take to connect: the old one serves meanwhile. */
  const patienceFor = ({ plan }: Upstream, others: readonly Upstream[]): number => {
    const old = others.find((other) => other.plan.name === plan.name)
    if (old?.backend.status().state !== 'ready') return parts.provisionMs
    return Math.max(parts.provisionMs, plan.timeouts.connectMs + plan.timeouts.listMs)
  }

  const refuseIfStopping = (): void => {
    if (parts.isStopping()) throw new GatewayError('shutting_down', 'No configuration is applied any more.')
  }

  return (plan) => {
    const applied = last.then(() => apply(plan))
    last = applied.catch(() => {})
    return applied
  }
}

/** What a socket or a pool of processes was made with stays as it is until a restart. */
function withFixedParts(wanted: Plan, { http, admin, sandbox, store, audit, search, log }: Plan): Plan {
  return Object.freeze({ ...wanted, http, admin, sandbox, store, audit, search, log })
}
