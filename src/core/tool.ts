import type { JsonObject } from './json.ts'

/**
 * What a server has: a tool, unless `kind` says otherwise. A resource is named by its URI, and `method` is a request that
 * Isogate does not know and that is for the server as a whole.
 */
export type Kind = 'tool' | 'prompt' | 'resource' | 'method'

/** The identity of a tool: the server that has it and the name that the server gave it. Prompts and resources alike. */
export interface ToolRef {
  readonly server: string
  readonly name: string
  /** Absent: `tool`. */
  readonly kind?: Exclude<Kind, 'tool'>
}

/** All that is known of a tool, in one record. */
export interface ToolSpec {
  readonly ref: ToolRef
  readonly title?: string
  readonly description?: string
  readonly inputSchema: JsonObject
  readonly outputSchema?: JsonObject
  readonly annotations?: JsonObject
  /** The definition exactly as the server sent it, unknown members included. Doors that relay a definition relay this. */
  readonly definition: JsonObject
}

/** A tool that a server announced and that cannot be used, with the reason. It costs the list only itself. */
export interface QuarantinedTool {
  readonly server: string
  /** The native name where there is one, otherwise the position in the server's list, as `#3`. */
  readonly name: string
  readonly reason: string
}

/** `server.tool`, the key of a tool in maps and rules. Unambiguous, because a server's name never contains a dot. */
export function toolKey(ref: ToolRef): string {
  return `${ref.server}.${ref.name}`
}

/** What a server's name may be in a configuration: it becomes part of tool names and of TypeScript paths. */
export const SERVER_NAME_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,31}$/

/** Server names that Isogate keeps for its own backends. */
export const RESERVED_SERVER_NAMES: readonly string[] = ['code', 'scripts', 'isogate']
