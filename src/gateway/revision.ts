import type { Plan } from '../config/compile.ts'
import { CALL_TOOL } from '../config/own-tools.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Call, Handler, Layer } from '../core/call.ts'
import type { Backend } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { Rule } from '../core/rule.ts'
import { toolKey, type ToolRef } from '../core/tool.ts'
import { createDispatch } from '../policy/dispatch.ts'
import { wantedName } from '../policy/layers/admit.ts'
import { isVisible } from '../policy/verdict.ts'
import type { Upstream } from './fleet.ts'
import { composeLayers, type LayerPorts } from './layers.ts'
import { takeSnapshot, type Snapshot } from './snapshot.ts'

/** Which lists have changed. */
export interface CatalogChange {
  readonly tools: boolean
  readonly prompts: boolean
  readonly resources: boolean
  /** The servers that it comes from. */
  readonly servers: readonly string[]
}

/** One configuration at work: what it allows, what it reaches, and the handler over both. */
export interface Revision {
  /** Grows with each configuration that is applied; the first is 1. */
  readonly number: number
  readonly plan: Plan
  readonly upstreams: readonly Upstream[]
  readonly upstream: (server: string) => Upstream | undefined
  /** The composed handler. A call that it has begun stays with this revision to its end. */
  readonly handler: Handler
  readonly snapshot: () => Snapshot
  readonly sees: (principal: Principal, tool: ToolRef) => boolean
  /** Stops following what its backends announce. Its calls go on. */
  readonly retire: () => void
}

export interface RevisionParts {
  readonly number: number
  /** The number of its first snapshot of the tools. */
  readonly catalogRevision: number
  readonly plan: Plan
  readonly upstreams: readonly Upstream[]
  /** Backends of Isogate itself; the same in all revisions. */
  readonly own: readonly Backend[]
  /** What the layers of all revisions share. */
  readonly shared: Pick<LayerPorts, 'clock' | 'journal' | 'onFault' | 'validator'>
  readonly onCatalogChange: (change: CatalogChange) => void
  readonly onResourceUpdated: (resource: ToolRef) => void
}

/** Isogate's own tools are allowed unless a rule of the configuration denies them. */
const OWN_RULES: readonly Rule[] = [{ pattern: 'code.*', verdict: 'allow', source: 'built-in' }]

/** More than the limit of a script: a run may wait for a cell before its own clock starts. */
const OWN_TIMEOUT_MARGIN_MS = 10_000

/** Composes a configuration with its backends. From then on it follows the tools that they announce. */
export function createRevision(parts: RevisionParts): Revision {
  const { plan, upstreams, own } = parts
  const byServer = new Map(upstreams.map((upstream) => [upstream.plan.name, upstream]))
  const ownNames = new Set(own.map((backend) => backend.server))
  const all = [...upstreams.map(({ backend }) => backend), ...own]
  const backends = new Map(all.map((backend) => [backend.server, backend]))
  const rules = [...OWN_RULES, ...plan.rules]
  let snapshot = takeSnapshot(parts.catalogRevision, all)
  let listed = all.map(listOf)
  let isRefreshing = false
  let isRetired = false

  /** Several servers that connect in one turn make one revision of the catalog. */
  const refresh = (): void => {
    if (isRefreshing) return
    isRefreshing = true
    queueMicrotask(() => {
      isRefreshing = false
      const now = all.map(listOf)
      const change = changeOf(
        all.map(({ server }) => server),
        listed,
        now,
      )
      if (isRetired || change === undefined) return
      const isSame = now.every((list, index) => isSameCatalog(list, listed[index]))
      listed = now
      // A server that has gone, or is back, changes how its tools are listed and not which there are.
      if (!isSame) {
        snapshot = takeSnapshot(snapshot.revision + 1, all)
        verdicts = new WeakMap()
      }
      parts.onCatalogChange(change)
    })
  }
  const stopFollowing = all.flatMap((backend) => [
    backend.onChange(refresh),
    backend.onResourceUpdated?.((uri) =>
      parts.onResourceUpdated({ server: backend.server, name: uri, kind: 'resource' }),
    ) ?? ((): void => {}),
  ])

  const isThere = (tool: ToolRef): boolean => {
    if (tool.kind === undefined) return snapshot.catalog.get(toolKey(tool)) !== undefined
    if (tool.kind === 'prompt') return snapshot.offers().hasPrompt(tool)
    // Which resources and methods a server has, only the server knows.
    return byServer.has(tool.server)
  }
  // Rules are many and a verdict is pure: it is found out once for each principal and tool of a catalog.
  let verdicts = new WeakMap<Principal, Map<string, boolean>>()
  const sees = (principal: Principal, tool: ToolRef): boolean => {
    if (tool.kind !== undefined) return isThere(tool) && isVisible(principal, tool, rules)
    let known = verdicts.get(principal)
    if (known === undefined) verdicts.set(principal, (known = new Map()))
    const key = toolKey(tool)
    let verdict = known.get(key)
    if (verdict === undefined) {
      // What is not there is not remembered: strangers can ask for anything.
      if (!isThere(tool)) return false
      known.set(key, (verdict = isVisible(principal, tool, rules)))
    }
    return verdict
  }

  /** Of a tool that calls another one, as long as any of these may take: the child has a deadline of its own. */
  const ownTimeoutMs = (name: string): number => {
    const { wallMs } = plan.sandbox.limits
    const longest = Math.max(wallMs, ...upstreams.map((upstream) => upstream.plan.timeouts.callMs))
    return (name === CALL_TOOL ? longest : wallMs) + OWN_TIMEOUT_MARGIN_MS
  }

  return Object.freeze({
    number: parts.number,
    plan,
    upstreams,
    upstream: (server: string) => byServer.get(server),
    handler: composeLayers(
      {
        ...parts.shared,
        directory: {
          isVisible: sees,
          // Isogate's own tools are few, and which of them an endpoint has only the endpoint knows.
          nearest: (call) =>
            nearestNames(
              snapshot.catalog,
              call,
              (tool) => !ownNames.has(tool.server) && sees(call.principal, tool),
            ),
        },
        specOf: (tool) => snapshot.catalog.get(toolKey(tool)),
        timeoutMsOf: ({ server, name }) =>
          byServer.get(server)?.plan.timeouts.callMs ??
          (ownNames.has(server) ? ownTimeoutMs(name) : plan.timeoutMs),
        slots: slotsOf(upstreams),
      },
      createDispatch((server) => backends.get(server)),
    ),
    snapshot: () => snapshot,
    sees,
    retire: () => {
      isRetired = true
      for (const stop of stopFollowing) stop()
    },
  })
}

/** What a backend has, by references: a list that is the same object is the same list. */
interface Listed {
  readonly tools: unknown
  readonly prompts: unknown
  readonly resources: unknown
  readonly templates: unknown
  readonly instructions: unknown
  /** True where what is listed is marked: its server is not there now. */
  readonly isMarked: boolean
}

function listOf(backend: Backend): Listed {
  const { prompts, resources, templates, instructions } = backend.offer?.() ?? {}
  const tools = backend.tools()
  const isMarked = tools.length > 0 && backend.status().state !== 'ready'
  return { tools, prompts, resources, templates, instructions, isMarked }
}

/** Which lists differ; undefined where none does. */
function changeOf(
  servers: readonly string[],
  before: readonly Listed[],
  now: readonly Listed[],
): CatalogChange | undefined {
  const differs = (list: keyof Listed, index: number): boolean => now[index]?.[list] !== before[index]?.[list]
  const changed = servers.filter((_, index) =>
    (Object.keys(now[index] ?? {}) as (keyof Listed)[]).some((list) => differs(list, index)),
  )
  if (changed.length === 0) return undefined
  const any = (list: keyof Listed): boolean => servers.some((_, index) => differs(list, index))
  return {
    tools: any('tools') || any('isMarked'),
    prompts: any('prompts'),
    resources: any('resources') || any('templates'),
    servers: changed,
  }
}

function isSameCatalog(a: Listed, b: Listed | undefined): boolean {
  return (Object.keys(a) as (keyof Listed)[]).every((list) => list === 'isMarked' || a[list] === b?.[list])
}

/** The slots of each upstream for its own calls; Isogate's own tools have none. */
function slotsOf(upstreams: readonly Upstream[]): Layer {
  return (next) => {
    const lanes = new Map(upstreams.map(({ plan, slots }) => [plan.name, slots(next)]))
    return (call) => (lanes.get(call.tool.server) ?? next)(call)
  }
}

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
