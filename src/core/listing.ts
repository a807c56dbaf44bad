import type { JsonObject } from './json.ts'
import type { Mode } from './mode.ts'
import type { Principal } from './principal.ts'
import type { ToolRef } from './tool.ts'

/** What is known of the program that looks. It is what it says of itself: nothing is allowed because of it. */
export interface ClientView {
  readonly name?: string
  readonly version?: string
  /** How it wants to be shown the tools. */
  readonly wish?: Mode
  /** True where the object stands for a session: what is decided for it holds until its session looks again. */
  readonly isLasting: boolean
}

/** A client that has said nothing. */
export const UNKNOWN_CLIENT: ClientView = Object.freeze({ isLasting: false })

/** What an endpoint shows to a principal. Doors relay it as it is. Where no client is given it is an unknown one. */
export interface Listing {
  /** The one server that the endpoint is, where it is one: then its own errors are relayed as they are. */
  readonly server?: string
  readonly tools: (principal: Principal, client?: ClientView) => readonly JsonObject[]
  /**
   * The tool that a name in a call means; the native identity for any accepted spelling. A hidden tool has no name: an
   * answer with its native spelling would tell that it is there (test/gateway/unknown-and-forbidden.test.ts).
   */
  readonly resolve: (principal: Principal, name: string, client?: ClientView) => ToolRef | undefined
  readonly prompts: (principal: Principal, client?: ClientView) => readonly JsonObject[]
  readonly resources: (principal: Principal, client?: ClientView) => readonly JsonObject[]
  readonly templates: (principal: Principal) => readonly JsonObject[]
  readonly resolvePrompt: (principal: Principal, name: string) => ToolRef | undefined
  readonly resolveResource: (principal: Principal, uri: string) => ToolRef | undefined
  /** Where a request goes whose method Isogate does not know; undefined where it could be anybody's. */
  readonly resolveMethod: (principal: Principal, method: string) => ToolRef | undefined
  /** The URI under which a resource that has changed is known here; undefined where it is not. */
  readonly exposeResource: (principal: Principal, resource: ToolRef) => string | undefined
  readonly instructions: (principal: Principal, client?: ClientView) => string | undefined
  /** MCP's ServerCapabilities. */
  readonly capabilities: (principal: Principal) => JsonObject
}

/** Which lists have changed. */
export interface CatalogChange {
  readonly tools: boolean
  readonly prompts: boolean
  readonly resources: boolean
  /** The servers that it comes from. */
  readonly servers: readonly string[]
}
