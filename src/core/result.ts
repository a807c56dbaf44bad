import type { Json, JsonObject } from './json.ts'

/** A symbol: no member that a server sends can be taken for it. */
const REPLY: unique symbol = Symbol('reply')

/**
 * The answer to a call, in the shape of MCP's CallToolResult.
 * A tool's own failure is a result with `isError`; a refusal or fault of the gateway is a GatewayError.
 * Members that Isogate does not know go through untouched.
 * Source: MCP 2025-11-25 and 2026-07-28, server/tools, "Tool Result".
 */
export interface Result {
  readonly content: readonly JsonObject[]
  readonly structuredContent?: Json
  readonly isError?: boolean
  readonly _meta?: JsonObject
  /**
   * The answer to another method than `tools/call`, or one that is not a tool's content (a task, say), exactly as the server
   * gave it. Then `content` is empty, and doors send this instead.
   */
  readonly [REPLY]?: JsonObject
  readonly [member: string]: Json | readonly JsonObject[] | undefined
}

/** A result with one text block. */
export function textResult(text: string): Result {
  return { content: [{ type: 'text', text }] }
}

/** A result that carries an answer which is not a tool's content. */
export function replyResult(reply: JsonObject): Result {
  return { content: [], [REPLY]: reply }
}

/** The answer that a result carries in the place of a tool's content; undefined where it carries none. */
export function replyOf(result: Result): JsonObject | undefined {
  return result[REPLY]
}
