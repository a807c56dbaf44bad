import type { Plan } from '../config/compile.ts'
import { CALL_TOOL, CODE_SERVER } from '../config/own-tools.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { LearnedTypes } from '../catalog/index.ts'
import type { CreateSearch } from '../catalog/search/searches.ts'
import { sampleResult } from '../catalog/sample.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Call, Door, Handler, Layer } from '../core/call.ts'
import type { Standings } from '../core/identity.ts'
import type { Backend } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import { toolKey, type ToolRef, type ToolSpec } from '../core/tool.ts'
import { createDispatch } from '../policy/dispatch.ts'
import { wantedName } from '../policy/layers/admit.ts'
import { createJudge, type Judge, type Judgement } from '../policy/judge.ts'
import { isReadOnly } from '../policy/read-only.ts'
import type { CatalogChange } from '../core/listing.ts'
import { changeOf, isSameCatalog, listOf } from './change.ts'
import type { Upstream } from './fleet.ts'
import { composeLayers, type LayerPorts } from './layers.ts'
import { commonLevels } from './levels.ts'
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
  /** @throws GatewayError `key_revoked` */
  readonly sees: (principal: Principal, door: Door, tool: ToolRef) => boolean
  readonly judge: Judge
  /** By the word of the operator, else by that of the server. */
  readonly isReadOnly: (tool: ToolRef) => boolean
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
  readonly shared: Pick<
    LayerPorts,
    'clock' | 'journal' | 'onFault' | 'validator' | 'recorder' | 'limits' | 'approve'
  >
  readonly standings: Standings
  readonly conditions: Conditions
  /** Takes the credentials of these servers out of what leaves; undefined where they have none. */
  readonly redactorOf?: (plan: Plan) => Layer | undefined
  /** What was seen of the results of tools. */
  readonly learned?: LearnedTypes
  /** The same in all revisions: it takes over what has not changed. */
  readonly createSearch: CreateSearch
  readonly onCatalogChange: (change: CatalogChange) => void
  readonly onResourceUpdated: (resource: ToolRef) => void
}

/** More than the limit of a script: a run may wait for a cell before its own clock starts. */
const OWN_TIMEOUT_MARGIN_MS = 10_000

/** Composes a configuration with its backends. From then on it follows the tools that they announce. */
export function createRevision(parts: RevisionParts): Revision {
  const { plan, upstreams, own, learned } = parts
  const byServer = new Map(upstreams.map((upstream) => [upstream.plan.name, upstream]))
  const ownNames = new Set(own.map((backend) => backend.server))
  const all = [...upstreams.map(({ backend }) => backend), ...own]
  const backends = new Map(all.map((backend) => [backend.server, backend]))
  const judge = createJudge({
    common: commonLevels(plan),
    standings: parts.standings,
    conditions: parts.conditions,
    classification: plan.classification,
  })
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
  const sees: Revision['sees'] = (principal, door, tool) =>
    isThere(tool) && judge.isVisible(principal, door, tool)
  /** Doors do not find what their callers do not see, and pass the name as it was written: its record tells what it was and which rule hid it. */
  const judgeHidden = (call: Call): Judgement | undefined => {
    if (call.tool.kind !== undefined) return undefined
    const ref = snapshot.catalog.resolve(wantedName(call.tool))?.ref
    const judgement = ref === undefined ? undefined : judge.judge({ ...call, tool: ref })
    return judgement?.isVisible === false ? judgement : undefined
  }
  const redact = parts.redactorOf?.(plan)
  const readOnly = new WeakMap<ToolSpec, boolean>()
  const changesNothing = (tool: ToolRef): boolean => {
    if (tool.kind !== undefined) return tool.kind !== 'method'
    const spec = snapshot.catalog.get(toolKey(tool))
    if (spec === undefined) return false
    let is = readOnly.get(spec)
    if (is === undefined) readOnly.set(spec, (is = isReadOnly(spec, plan.classification)))
    return is
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
        ...(redact === undefined ? {} : { redact }),
        directory: {
          // What is not there is not judged: strangers can ask for anything.
          judge: (call) => (isThere(call.tool) ? judge.judge(call) : judgeHidden(call)),
          standingOf: parts.standings.of,
          isReadOnly: changesNothing,
          // Isogate's own tools are few, and which of them an endpoint has only the endpoint knows.
          nearest: (call) =>
            nearestNames(
              snapshot.catalog,
              call,
              (tool) => tool.server !== CODE_SERVER && sees(call.principal, call.door, tool),
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
    judge,
    isReadOnly: changesNothing,
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
