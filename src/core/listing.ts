import type { JsonObject } from './json.ts'
import type { Principal } from './principal.ts'
import type { ToolRef } from './tool.ts'

/** What an endpoint shows to a principal. Doors relay it as it is. */
export interface Listing {
  /** The one server that the endpoint is, where it is one: then its own errors are relayed as they are. */
  readonly server?: string
  readonly tools: (principal: Principal) => readonly JsonObject[]
  /**
   * The tool that a name in a call means; the native identity for any accepted spelling. A hidden tool has no name: an
   * answer with its native spelling would tell that it is there (test/gateway/unknown-and-forbidden.test.ts).
   */
  readonly resolve: (principal: Principal, name: string) => ToolRef | undefined
  readonly prompts: (principal: Principal) => readonly JsonObject[]
  readonly resources: (principal: Principal) => readonly JsonObject[]
  readonly templates: (principal: Principal) => readonly JsonObject[]
  readonly resolvePrompt: (principal: Principal, name: string) => ToolRef | undefined
  readonly resolveResource: (principal: Principal, uri: string) => ToolRef | undefined
  /** Where a request goes whose method Isogate does not know; undefined where it could be anybody's. */
  readonly resolveMethod: (principal: Principal, method: string) => ToolRef | undefined
  /** The URI under which a resource that has changed is known here; undefined where it is not. */
  readonly exposeResource: (principal: Principal, resource: ToolRef) => string | undefined
  readonly instructions: (principal: Principal) => string | undefined
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
