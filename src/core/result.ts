import type { Json, JsonObject } from './json.ts'

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
  readonly [member: string]: Json | readonly JsonObject[] | undefined
}

/** A result with one text block. */
export function textResult(text: string): Result {
  return { content: [{ type: 'text', text }] }
}
