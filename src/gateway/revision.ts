import type { Plan } from '../config/compile.ts'
import { CALL_TOOL, CODE_SERVER } from '../config/own-tools.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { LearnedTypes } from '../catalog/index.ts'
import type { CreateSearch } from '../catalog/search/searches.ts'
import { sampleResult } from '../catalog/sample.ts'
import type { Call, Handler, Layer } from '../core/call.ts'
import type { Backend } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { Rule } from '../core/rule.ts'
import { toolKey, type ToolRef } from '../core/tool.ts'
import { createDispatch } from '../policy/dispatch.ts'
import { wantedName } from '../policy/layers/admit.ts'
import { isVisible } from '../policy/verdict.ts'
import type { CatalogChange } from '../core/listing.ts'
import { changeOf, isSameCatalog, listOf } from './change.ts'
import type { Upstream } from './fleet.ts'
import { composeLayers, type LayerPorts } from './layers.ts'
import { takeSnapshot, type Snapshot } from './snapshot.ts'

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
  /** What was seen of the results of tools. */
  readonly learned?: LearnedTypes
  /** The same in all revisions: it takes over what has not changed. */
  readonly createSearch: CreateSearch
  readonly onCatalogChange: (change: CatalogChange) => void
  readonly onResourceUpdated: (resource: ToolRef) => void
}

/** Isogate's own tools are allowed unless a rule of the configuration denies them. */
const OWN_RULES: readonly Rule[] = [{ pattern: 'code.*', verdict: 'allow', source: 'built-in' }]

/** More than the limit of a script: a run may wait for a cell before its own clock starts. */
const OWN_TIMEOUT_MARGIN_MS = 10_000

/** Composes a configuration with its backends. From then on it follows the tools that they announce. */
export function createRevision(parts: RevisionParts): Revision {
  const { plan, upstreams, own, learned } = parts
  const byServer = new Map(upstreams.map((upstream) => [upstream.plan.name, upstream]))
  const ownNames = new Set(own.map((backend) => backend.server))
  const all = [...upstreams.map(({ backend }) => backend), ...own]
  const backends = new Map(all.map((backend) => [backend.server, backend]))
  const rules = [...OWN_RULES, ...plan.rules]
  let snapshot = takeSnapshot(parts.catalogRevision, all, parts.createSearch, learned)
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
      const change = changeOf(listed, now)
      if (isRetired || change === undefined) return
      const isSame = isSameCatalog(listed, now)
      listed = now
      if (!isSame) {
        snapshot = takeSnapshot(snapshot.revision + 1, all, parts.createSearch, learned)
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
    return byServer.has(tool.server) || (tool.kind === 'resource' && ownNames.has(tool.server))
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
              (tool) => tool.server !== CODE_SERVER && sees(call.principal, tool),
            ),
        },
        sampleOf: (tool) => {
          const spec = snapshot.catalog.get(toolKey(tool))
          const sample = spec === undefined ? {} : sampleResult(spec, learned?.softOf(tool)?.type)
          return { content: [], structuredContent: sample }
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
