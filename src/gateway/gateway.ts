import type { Catalog } from '../catalog/catalog.ts'
import type { Plan, ServerPlan } from '../config/compile.ts'
import type { Call, Handler } from '../core/call.ts'
import type { Backend, BackendStatus, Clock, Journal } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { Rule } from '../core/rule.ts'
import { toolKey, type QuarantinedTool, type ToolRef, type ToolSpec } from '../core/tool.ts'
import { createDispatch } from '../policy/dispatch.ts'
import { wantedName } from '../policy/layers/admit.ts'
import { isVisible } from '../policy/verdict.ts'
import { composeLayers } from './layers.ts'
import { takeSnapshot, type Snapshot } from './snapshot.ts'

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
}

/** How one server is, for people. */
export interface ServerReport {
  readonly server: string
  readonly status: BackendStatus
  readonly tools: number
  readonly quarantined: readonly QuarantinedTool[]
}

/** One running gateway: everything behind the doors. */
export interface Gateway {
  /** The only way to a tool. */
  readonly handler: Handler
  readonly snapshot: () => Snapshot
  readonly isVisible: (principal: Principal, tool: ToolRef) => boolean
  /** The tools of upstreams that the principal sees. */
  readonly visibleTools: (principal: Principal) => readonly ToolSpec[]
  /** The tools of Isogate itself that the principal sees. */
  readonly ownTools: (principal: Principal) => readonly ToolSpec[]
  /** The tool of Isogate itself with this name. */
  readonly ownTool: (name: string) => ToolSpec | undefined
  readonly servers: () => readonly ServerReport[]
  /** Resolves when each upstream has been tried once. */
  readonly settled: () => Promise<void>
  readonly onCatalogChange: (listener: () => void) => () => void
  readonly close: () => Promise<void>
}

/** Isogate's own tools are allowed unless a rule of the configuration denies them. */
const OWN_RULES: readonly Rule[] = [{ pattern: 'code.*', verdict: 'allow', source: 'built-in' }]

/** More than the limit of a script: a run may wait for a cell before its own clock starts. */
const OWN_TIMEOUT_MARGIN_MS = 10_000

/** Visible tools with names like the wanted one, in the spelling that the door's callers use. */
function nearestNames(
  catalog: Catalog,
  { door, tool }: Call,
  sees: (tool: ToolRef) => boolean,
): readonly string[] {
  return catalog
    .nearest(wantedName(tool), ({ ref }) => sees(ref))
    .map(({ ref }) => {
      const names = catalog.names.of(ref)
      const spelled = door === 'script' ? names?.path : door === 'cli' ? undefined : names?.exposed
      return spelled ?? toolKey(ref)
    })
}

/** Starts a gateway for a plan. It serves at once; upstreams appear as they connect. */
export function createGateway(parts: GatewayParts): Gateway {
  const { plan, clock, journal } = parts
  const plans = new Map(plan.servers.map((server) => [server.name, server]))
  const upstreams = plan.servers.map((server) => parts.createUpstream(server))
  const own = parts.createOwnBackends(() => gateway)
  const ownNames = new Set(own.map((backend) => backend.server))
  const backends = new Map([...upstreams, ...own].map((backend) => [backend.server, backend]))
  // They never change, and each call by name looks here first.
  const ownTools = new Map(own.flatMap((backend) => backend.tools()).map((spec) => [spec.ref.name, spec]))
  const rules = [...OWN_RULES, ...plan.rules]
  const listeners = new Set<() => void>()
  let snapshot = takeSnapshot(1, backends.values())
  let listed = [...backends.values()].map((backend) => backend.tools())
  let refreshing = false

  /** Several servers that connect in one turn make one revision. */
  const refresh = (): void => {
    if (refreshing) return
    refreshing = true
    queueMicrotask(() => {
      refreshing = false
      const now = [...backends.values()].map((backend) => backend.tools())
      if (now.every((tools, index) => tools === listed[index])) return
      listed = now
      snapshot = takeSnapshot(snapshot.revision + 1, backends.values())
      for (const listener of listeners) listener()
    })
  }
  for (const backend of backends.values()) backend.onChange(refresh)

  const sees = (principal: Principal, tool: ToolRef): boolean =>
    snapshot.catalog.get(toolKey(tool)) !== undefined && isVisible(principal, tool, rules)

  const toolsOf = (principal: Principal, areOwn: boolean): readonly ToolSpec[] =>
    snapshot.catalog.tools.filter(({ ref }) => ownNames.has(ref.server) === areOwn && sees(principal, ref))

  const handler = composeLayers(
    {
      clock,
      journal,
      onFault: parts.onFault,
      directory: {
        isVisible: sees,
        nearest: (call) => nearestNames(snapshot.catalog, call, (tool) => sees(call.principal, tool)),
      },
      specOf: (tool) => snapshot.catalog.get(toolKey(tool)),
      timeoutMsOf: ({ server }) =>
        plans.get(server)?.timeouts.callMs ??
        (ownNames.has(server) ? plan.sandbox.limits.wallMs + OWN_TIMEOUT_MARGIN_MS : plan.timeoutMs),
      slotsOf: (server) => plans.get(server)?.limits,
    },
    createDispatch((server) => backends.get(server)),
  )

  const gateway: Gateway = {
    handler,
    snapshot: () => snapshot,
    isVisible: sees,
    visibleTools: (principal) => toolsOf(principal, false),
    ownTools: (principal) => toolsOf(principal, true),
    ownTool: (name) => ownTools.get(name),
    servers: () =>
      upstreams.map((backend) => ({
        server: backend.server,
        status: backend.status(),
        tools: backend.tools().length,
        quarantined: backend.quarantined(),
      })),
    settled: async () => {
      await Promise.all(upstreams.map((backend) => backend.settled()))
      // The last change may still be on its way into a snapshot.
      await Promise.resolve()
    },
    onCatalogChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      await Promise.all([...backends.values()].map((backend) => backend.close()))
    },
  }
  return gateway
}
