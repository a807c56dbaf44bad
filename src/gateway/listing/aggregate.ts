import type { Offered, Offers } from '../../catalog/offers.ts'
import { CODE_SERVER } from '../../config/own-tools.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Door } from '../../core/call.ts'
import type { Principal } from '../../core/principal.ts'
import type { ToolSpec } from '../../core/tool.ts'
import type { Gateway } from '../gateway.ts'
import { classicInstructions, codeInstructions, searchInstructions } from './instructions.ts'
import { UNKNOWN_CLIENT, type ClientView, type Listing } from '../../core/listing.ts'
import type { Choice } from './choose-mode.ts'
import { withMark } from './mark.ts'
import { createModes, type Display } from './modes.ts'
import { createOwnTools } from './own-tools.ts'

/** Told of each client that begins, with how it is shown the tools and why. */
export type OnChoice = (choice: Choice, client: ClientView) => void

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
 * tools of Code Mode and, as instructions, the compact index, in mode `search` those that find and call single tools. `auto`
 * depends on the client and on what the definitions cost. Whatever the mode, a visible tool can be called by its name,
 * and of Isogate's own tools those that the mode has. A display that may change is given as a function and asked at each request.
 */
export function createListing(
  gateway: Gateway,
  door: Door,
  display: Display | (() => Display),
  onChoice: OnChoice = () => {},
): Listing {
  const modes = createModes(gateway, door, typeof display === 'function' ? display : () => display)
  const own = createOwnTools(gateway, door)
  const offers = (): Offers => gateway.snapshot().offers()
  const shown = (principal: Principal, offered: readonly Offered[], id: string): readonly JsonObject[] =>
    offered
      .filter(({ ref }) => gateway.isVisible(principal, door, ref))
      .map(({ ref, exposed, definition }) =>
        withMark(gateway, ref.server, exposed === ref.name ? definition : { ...definition, [id]: exposed }),
      )
  /** How scripts are written is told where there are scripts. */
  const offeredTo = (
    principal: Principal,
    offered: readonly Offered[],
    client: ClientView = UNKNOWN_CLIENT,
  ): readonly Offered[] =>
    modes.of(principal, client) === 'code' ? offered : offered.filter(({ ref }) => ref.server !== CODE_SERVER)
  return {
    tools(principal, client = UNKNOWN_CLIENT) {
      const { mode } = modes.choose(principal, client)
      if (mode !== 'classic') return own.list(principal, mode)
      const { names } = gateway.snapshot().catalog
      return gateway.visibleTools(principal, door).map((spec) => {
        const exposed = names.of(spec.ref)?.exposed
        const definition = withMark(gateway, spec.ref.server, withUiResource(spec, offers()))
        return exposed === undefined ? definition : { ...definition, name: exposed }
      })
    },
    resolve(principal, name, client = UNKNOWN_CLIENT) {
      const found = gateway.snapshot().catalog.resolve(name)?.ref
      // Names of other tools mean the same in every mode.
      const isOwn = own.isListed(name) || (found !== undefined && own.isOwn(found))
      const ref = isOwn ? own.resolve(modes.of(principal, client), name, found) : found
      return ref !== undefined && gateway.isVisible(principal, door, ref) ? ref : undefined
    },
    prompts: (principal, client) => shown(principal, offeredTo(principal, offers().prompts, client), 'name'),
    resources: (principal, client) =>
      shown(principal, offeredTo(principal, offers().resources, client), 'uri'),
    templates: (principal) => shown(principal, offers().templates, 'uriTemplate'),
    resolvePrompt(principal, name) {
      const ref = offers().prompt(name)
      return ref !== undefined && gateway.isVisible(principal, door, ref) ? ref : undefined
    },
    resolveResource: (principal, uri) =>
      offers().resource(uri, (ref) => gateway.isVisible(principal, door, ref)),
    resolveMethod: () => undefined,
    exposeResource: (principal, resource) =>
      gateway.isVisible(principal, door, resource) ? offers().exposedUri(resource) : undefined,
    instructions(principal, client = UNKNOWN_CLIENT) {
      const choice = modes.choose(principal, client)
      onChoice(choice, client)
      return INSTRUCTIONS[choice.mode](gateway, principal, door)
    },
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
