import type { Door } from '../../core/call.ts'
import type { JsonObject } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import type { Rule } from '../../core/rule.ts'
import type { Kind, ToolRef } from '../../core/tool.ts'
import type { Offered } from '../../catalog/offers.ts'
import type { Gateway } from '../gateway.ts'
import type { Listing } from '../../core/listing.ts'
import { withMark } from './mark.ts'

/** What a server that has said nothing yet is announced with. */
const USUAL: JsonObject = { tools: { listChanged: true } }

/** Shows one server as it is: its own names, its own words, and requests that nobody here knows go to it. */
export function createServerListing(gateway: Gateway, door: Door, server: string): Listing {
  const offer = () => gateway.snapshot().offers().of(server)
  const refOf = (name: string, kind?: Exclude<Kind, 'tool'>): ToolRef =>
    kind === undefined ? { server, name } : { server, name, kind }
  const visible = (principal: Principal, ref: ToolRef): ToolRef | undefined =>
    gateway.isVisible(principal, door, ref) ? ref : undefined
  /** What it says for itself is heard by whoever may use anything of it that no list narrows. */
  const mayHear = (principal: Principal): boolean =>
    visible(principal, refOf('initialize', 'method')) !== undefined
  const own = (principal: Principal, offered: readonly Offered[]): readonly JsonObject[] =>
    offered
      .filter(({ ref }) => ref.server === server && gateway.isVisible(principal, door, ref))
      .map(({ definition }) => withMark(gateway, server, definition))
  return {
    server,
    tools: (principal) =>
      gateway
        .visibleTools(principal, door)
        .filter(({ ref }) => ref.server === server)
        .map(({ definition }) => withMark(gateway, server, definition)),
    resolve(principal, name) {
      const native = visible(principal, refOf(name))
      if (native !== undefined) return native
      // A name that another endpoint showed, or that an answer suggested.
      const ref = gateway.snapshot().catalog.resolve(name)?.ref
      return ref?.server === server ? visible(principal, ref) : undefined
    },
    prompts: (principal) => own(principal, gateway.snapshot().offers().prompts),
    resources: (principal) => own(principal, gateway.snapshot().offers().resources),
    templates: (principal) => own(principal, gateway.snapshot().offers().templates),
    resolvePrompt: (principal, name) => visible(principal, refOf(name, 'prompt')),
    resolveResource: (principal, uri) => visible(principal, refOf(uri, 'resource')),
    resolveMethod: (principal, method) => visible(principal, refOf(method, 'method')),
    exposeResource: (principal, resource) =>
      resource.server === server && gateway.isVisible(principal, door, resource) ? resource.name : undefined,
    instructions: (principal) => (mayHear(principal) ? offer()?.instructions : undefined),
    capabilities: (principal) => {
      const declared = (mayHear(principal) ? offer()?.capabilities : undefined) ?? {}
      return Object.keys(declared).length === 0 ? USUAL : declared
    },
  }
}

/** The rules of the endpoint of one server: nothing of another is there. */
export function scopeOf(server: string): readonly Rule[] {
  return [{ pattern: `${server}.*`, verdict: 'allow', source: `/mcp/s/${server}` }]
}
