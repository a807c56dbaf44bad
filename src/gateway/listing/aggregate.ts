import { estimateTokens } from '../../catalog/tokens.ts'
import type { Offered, Offers } from '../../catalog/offers.ts'
import type { Mode } from '../../config/schema.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import type { ToolSpec } from '../../core/tool.ts'
import type { Gateway } from '../gateway.ts'
import { classicInstructions, codeInstructions, searchInstructions } from './instructions.ts'
import type { Listing } from '../../core/listing.ts'
import { withMark } from './mark.ts'
import { createOwnTools } from './own-tools.ts'

/** How an endpoint shows the tools. */
export interface Display {
  readonly mode: Mode
  /** Mode `auto`: classic up to this many tokens of definitions. */
  readonly autoThresholdTokens: number
}

/** All of them are announced always: servers come and go while a client is connected. */
const CAPABILITIES: JsonObject = Object.freeze({
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  completions: {},
  logging: {},
})

/** Members of a tool's `_meta` that name a resource of its server. Source: MCP Apps, "UI Resource Reference". */
const UI_RESOURCE = 'resourceUri'
const UI_RESOURCE_FLAT = 'ui/resourceUri'

const INSTRUCTIONS = { classic: classicInstructions, code: codeInstructions, search: searchInstructions }

/**
 * Decides what an endpoint over all servers shows: in classic mode the definitions of all visible tools, in code mode the few
 * tools of Code Mode and, as instructions, the compact index, in mode `search` those that find and call single tools. `auto` is
 * classic while the definitions cost no more than the threshold. Whatever the mode, a visible tool can be called by its name,
 * and of Isogate's own tools those that the mode has. A display that may change is given as a function and asked at each request.
 */
export function createListing(gateway: Gateway, display: Display | (() => Display)): Listing {
  const displayNow = typeof display === 'function' ? display : () => display
  const own = createOwnTools(gateway)
  const costs = new WeakMap<JsonObject, number>()
  const costOf = (definition: JsonObject): number => {
    let cost = costs.get(definition)
    if (cost === undefined) costs.set(definition, (cost = estimateTokens(JSON.stringify(definition))))
    return cost
  }
  const modeFor = (principal: Principal): Exclude<Mode, 'auto'> => {
    const { mode, autoThresholdTokens } = displayNow()
    if (mode !== 'auto') return mode
    let tokens = 0
    for (const { definition } of gateway.visibleTools(principal)) {
      tokens += costOf(definition)
      if (tokens > autoThresholdTokens) return 'code'
    }
    return 'classic'
  }
  const offers = (): Offers => gateway.snapshot().offers()
  const shown = (principal: Principal, offered: readonly Offered[], id: string): readonly JsonObject[] =>
    offered
      .filter(({ ref }) => gateway.isVisible(principal, ref))
      .map(({ ref, exposed, definition }) =>
        withMark(gateway, ref.server, exposed === ref.name ? definition : { ...definition, [id]: exposed }),
      )
  return {
    tools(principal) {
      const mode = modeFor(principal)
      if (mode !== 'classic') return own.list(principal, mode)
      const { names } = gateway.snapshot().catalog
      return gateway.visibleTools(principal).map((spec) => {
        const exposed = names.of(spec.ref)?.exposed
        const definition = withMark(gateway, spec.ref.server, withUiResource(spec, offers()))
        return exposed === undefined ? definition : { ...definition, name: exposed }
      })
    },
    resolve(principal, name) {
      const { mode } = displayNow()
      const ref = own.named(mode, name) ?? gateway.snapshot().catalog.resolve(name)?.ref
      if (ref === undefined || own.isForeign(mode, ref)) return undefined
      return gateway.isVisible(principal, ref) ? ref : undefined
    },
    prompts: (principal) => shown(principal, offers().prompts, 'name'),
    resources: (principal) => shown(principal, offers().resources, 'uri'),
    templates: (principal) => shown(principal, offers().templates, 'uriTemplate'),
    resolvePrompt(principal, name) {
      const ref = offers().prompt(name)
      return ref !== undefined && gateway.isVisible(principal, ref) ? ref : undefined
    },
    resolveResource: (principal, uri) => offers().resource(uri, (ref) => gateway.isVisible(principal, ref)),
    resolveMethod: () => undefined,
    exposeResource: (principal, resource) =>
      gateway.isVisible(principal, resource) ? offers().exposedUri(resource) : undefined,
    instructions: (principal) => INSTRUCTIONS[modeFor(principal)](gateway, principal),
    capabilities: () => CAPABILITIES,
  }
}

/** The definition of a tool whose page has, beside those of other servers, another URI than its server gave it. */
function withUiResource({ ref, definition }: ToolSpec, offers: Offers): JsonObject {
  const { _meta: meta } = definition
  if (!isJsonObject(meta)) return definition
  const exposed = (uri: unknown): string | undefined => {
    if (typeof uri !== 'string') return undefined
    const now = offers.exposedUri({ server: ref.server, name: uri, kind: 'resource' })
    return now === uri ? undefined : now
  }
  const { ui } = meta
  const nested = isJsonObject(ui) ? exposed(ui[UI_RESOURCE]) : undefined
  const flat = exposed(meta[UI_RESOURCE_FLAT])
  if (nested === undefined && flat === undefined) return definition
  return {
    ...definition,
    _meta: {
      ...meta,
      ...(nested === undefined || !isJsonObject(ui) ? {} : { ui: { ...ui, [UI_RESOURCE]: nested } }),
      ...(flat === undefined ? {} : { [UI_RESOURCE_FLAT]: flat }),
    },
  }
}
