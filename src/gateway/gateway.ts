import type { LearnedTypes } from '../catalog/index.ts'
import { createSearches, type CreateSearch } from '../catalog/search/searches.ts'
import type { Plan, ServerPlan } from '../config/compile.ts'
import { CODE_SERVER } from '../config/own-tools.ts'
import type { Door, Handler, Layer } from '../core/call.ts'
import { GatewayError } from '../core/errors.ts'
import type { Backend, BackendStatus, Clock, Journal } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import { within } from '../core/within.ts'
import type { QuarantinedTool, ToolRef, ToolSpec } from '../core/tool.ts'
import { createConditions } from '../conditions/conditions.ts'
import type { Standing, Standings } from '../core/identity.ts'
import { createArgumentValidator } from '../policy/arguments.ts'
import { createJournalLayer, type CallRecorder } from '../policy/layers/journal.ts'
import type { Judge } from '../policy/judge.ts'
import { createAnnouncements } from './announcements.ts'
import type { CatalogChange } from '../core/listing.ts'
import { createFleet } from './fleet.ts'
import { createFlights } from './flights.ts'
import { createReload, type Reloaded } from './reload.ts'
import { createRevision, type Revision } from './revision.ts'
import type { Snapshot } from './snapshot.ts'

/** What the gateway is built with. The factories come from the composition root: the gateway knows no protocol. */
export interface GatewayParts {
  readonly plan: Plan
  readonly clock: Clock
  readonly journal: Journal
  /** Hears of failures that nobody foresaw, with the id of the call. */
  readonly onFault: (callId: string, cause: unknown) => void
  readonly createUpstream: (plan: ServerPlan) => Backend
  /** Backends of Isogate itself. They get the gateway late: its handler exists when the first call comes. */
  readonly createOwnBackends: (gateway: () => Gateway) => readonly Backend[]
  /** What holds for whom. Absent: nothing but the policy of the configuration. */
  readonly standings?: Standings
  readonly recorder?: CallRecorder
  /** What is used up, over all revisions. */
  readonly limits?: Layer
  readonly approve?: Layer
  readonly redactorOf?: (plan: Plan) => Layer | undefined
  /** What was seen of the results of tools: shown where a tool declares none. */
  readonly learned?: LearnedTypes
  /** Absent: tools are found by words alone, however often they are used. */
  readonly createSearch?: CreateSearch
  /** How long a new configuration waits for its new servers. */
  readonly provisionMs?: number
  /** How long a server that was taken away may finish its calls. */
  readonly drainMs?: number
}

/** How one server is, for people. */
export interface ServerReport {
  readonly server: string
  readonly status: BackendStatus
  readonly tools: number
  readonly quarantined: readonly QuarantinedTool[]
}

/** The configuration that is at work. */
export interface AppliedPlan {
  /** Grows with each configuration that is applied; the first is 1. */
  readonly revision: number
  readonly plan: Plan
}

/** One running gateway: everything behind the doors. */
export interface Gateway {
  /** The only way to a tool. */
  readonly handler: Handler
  readonly snapshot: () => Snapshot
  /** Nothing is visible to a key that does not hold any more: its calls are refused by the handler, and so recorded. */
  readonly isVisible: (principal: Principal, door: Door, tool: ToolRef) => boolean
  /** The tools of upstreams that are there for the principal at the door. @throws GatewayError `key_revoked` */
  readonly visibleTools: (principal: Principal, door: Door) => readonly ToolSpec[]
  /** The tool of Isogate itself with this name. */
  readonly ownTool: (name: string) => ToolSpec | undefined
  readonly servers: () => readonly ServerReport[]
  /** How a server is; undefined for one that is not configured. */
  /** Says level by level who may do what. */
  readonly explain: Judge['explain']
  /** True for a tool that changes nothing, by the word of the operator, else by that of its server. */
  readonly isReadOnly: (tool: ToolRef) => boolean
  readonly stateOf: (server: string) => BackendStatus['state'] | undefined
  /** Resolves when each upstream has been tried once. */
  readonly settled: () => Promise<void>
  /**
   * What a list should wait for: servers that have been started within the last second. Undefined where there is none; never
   * longer than that second, because one that is slow must not hold up the tools of the others.
   */
  readonly listable: () => Promise<void> | undefined
  readonly onCatalogChange: (listener: (change: CatalogChange) => void) => () => void
  /** The same for clients: at most once a second, with what has changed since. */
  readonly onAnnouncement: (listener: (change: CatalogChange) => void) => () => void
  /** Calls the listener with each resource that somebody has subscribed to and that has changed. */
  readonly onResourceUpdated: (listener: (resource: ToolRef) => void) => () => void
  readonly configuration: () => AppliedPlan
  /**
   * Applies another configuration without a pause: what is unchanged keeps its connection, calls that have begun finish
   * where they began. Where it rejects, the configuration of before serves on. One at a time; the next one waits.
   */
  readonly reload: (plan: Plan) => Promise<Reloaded>
  readonly isStopping: () => boolean
  /** Refuses new calls from now on, and resolves when those in flight have ended or the limit has passed. */
  readonly finish: (limitMs: number) => Promise<void>
  readonly close: () => Promise<void>
}

const PLAIN: Standing = Object.freeze({ levels: [] })
const NOBODY_SPECIAL: Standings = { of: () => PLAIN }

/** How long a list waits for a server that has just been started. */
const LIST_PATIENCE_MS = 1_000
/** The shortest time between two announcements to clients. */
const ANNOUNCE_MS = 1_000
const PROVISION_MS = 5_000
const DRAIN_MS = 30_000

/** Starts a gateway for a plan. It serves at once; upstreams appear as they connect. */
export function createGateway(parts: GatewayParts): Gateway {
  const { clock, journal, onFault, provisionMs = PROVISION_MS, drainMs = DRAIN_MS } = parts
  const fleet = createFleet(parts.createUpstream, clock)
  const upstreams = fleet.provision(parts.plan.servers, [])
  const own = parts.createOwnBackends(() => gateway)
  // Saved scripts are listed like the tools of a server, and change like them.
  const ownNames = new Set([CODE_SERVER])
  // They never change, and each call by name looks here first.
  const ownTools = new Map(
    own
      .flatMap((backend) => backend.tools())
      .filter(({ ref }) => ownNames.has(ref.server))
      .map((spec) => [spec.ref.name, spec]),
  )
  const listeners = new Set<(change: CatalogChange) => void>()
  const updateListeners = new Set<(resource: ToolRef) => void>()
  const flights = createFlights()
  const createSearch = parts.createSearch ?? createSearches()
  const { recorder, limits, approve, redactorOf } = parts
  const shared = {
    clock,
    journal,
    onFault,
    validator: createArgumentValidator(),
    ...(recorder === undefined ? {} : { recorder }),
    ...(limits === undefined ? {} : { limits }),
    ...(approve === undefined ? {} : { approve }),
  }
  const conditions = createConditions()
  let isStopping = false
  let closed: Promise<void> | undefined

  const listen: Gateway['onCatalogChange'] = (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const onCatalogChange = (change: CatalogChange): void => {
    for (const listener of listeners) listener(change)
  }
  const onResourceUpdated = (resource: ToolRef): void => {
    for (const listener of updateListeners) listener(resource)
  }
  const revise = (next: Pick<Revision, 'number' | 'plan' | 'upstreams'>, catalogRevision: number): Revision =>
    createRevision({
      ...next,
      catalogRevision,
      own,
      shared,
      standings: parts.standings ?? NOBODY_SPECIAL,
      conditions,
      ...(redactorOf === undefined ? {} : { redactorOf }),
      createSearch,
      ...(parts.learned === undefined ? {} : { learned: parts.learned }),
      onCatalogChange,
      onResourceUpdated,
    })
  let current = revise({ number: 1, plan: parts.plan, upstreams }, 1)

  const reload = createReload({
    // What differs is not worth finding out: a configuration changes seldom.
    announce: (servers) => onCatalogChange({ tools: true, prompts: true, resources: true, servers }),
    fleet,
    provisionMs,
    drainMs,
    current: () => current,
    isStopping: () => isStopping,
    swap: (next) => {
      const before = current
      // The one reference: whoever reads it before this line finishes on the old revision, whoever reads it after on the new.
      current = revise(next, before.snapshot().revision + 1)
      before.retire()
    },
  })

  // Under the journal like every other refusal.
  const refuse = createJournalLayer(
    journal,
    clock,
    onFault,
    recorder,
  )(() => Promise.reject(new GatewayError('shutting_down', 'No new call is taken.')))

  const handler: Handler = async (call) => {
    // A script that is in flight could not finish without its calls.
    if (isStopping && call.door !== 'script') return refuse(call)
    const revision = current
    // Counted before the layers: a call that waits for a slot holds its upstream open too.
    const upstream = revision.upstream(call.tool.server)
    flights.enter()
    upstream?.flights.enter()
    try {
      return await revision.handler(call)
    } finally {
      upstream?.flights.leave()
      flights.leave()
    }
  }

  const closeAll = async (): Promise<void> => {
    await Promise.all([fleet.close(), ...own.map((backend) => backend.close())])
  }

  const gateway: Gateway = {
    handler,
    snapshot: () => current.snapshot(),
    isVisible: (principal, door, tool) => {
      try {
        return current.sees(principal, door, tool)
      } catch (error) {
        if (error instanceof GatewayError) return false
        throw error
      }
    },
    visibleTools: (principal, door) =>
      current
        .snapshot()
        .catalog.tools.filter(({ ref }) => !ownNames.has(ref.server) && current.sees(principal, door, ref)),
    ownTool: (name) => ownTools.get(name),
    servers: () =>
      current.upstreams.map(({ backend }) => ({
        server: backend.server,
        status: backend.status(),
        tools: backend.tools().length,
        quarantined: backend.quarantined(),
      })),
    isReadOnly: (tool) => current.isReadOnly(tool),
    explain: (...asked) => current.judge.explain(...asked),
    stateOf: (server) => current.upstream(server)?.backend.status().state,
    settled: async () => {
      await Promise.all(current.upstreams.map(({ backend }) => backend.settled()))
      // The last change may still be on its way into a snapshot.
      await Promise.resolve()
    },
    listable: () => {
      const nowMs = clock.monotonicMs()
      const young = current.upstreams.filter(
        ({ backend, startedMs }) =>
          backend.status().state === 'starting' && nowMs - startedMs < LIST_PATIENCE_MS,
      )
      if (young.length === 0) return undefined
      const sinceMs = Math.max(...young.map(({ startedMs }) => startedMs))
      const settled = Promise.all(young.map(({ backend }) => backend.settled()))
      // The last change may still be on its way into a snapshot.
      return within(settled, sinceMs + LIST_PATIENCE_MS - nowMs).then(() => Promise.resolve())
    },
    onCatalogChange: listen,
    onAnnouncement: createAnnouncements(listen, ANNOUNCE_MS),
    onResourceUpdated: (listener) => {
      updateListeners.add(listener)
      return () => updateListeners.delete(listener)
    },
    configuration: () => ({ revision: current.number, plan: current.plan }),
    reload,
    isStopping: () => isStopping,
    finish: async (limitMs) => {
      isStopping = true
      // What can go on after the next start may have half of the time to come to its end before that.
      const patience = setTimeout(() => own.forEach((backend) => backend.drain?.()), limitMs / 2)
      await flights.idle(limitMs)
      clearTimeout(patience)
    },
    close: () => {
      isStopping = true
      return (closed ??= closeAll())
    },
  }
  return gateway
}
