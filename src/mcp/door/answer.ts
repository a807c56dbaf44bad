import type { Call, Door, Handler } from '../../core/call.ts'
import { describeError, toGatewayError, type GatewayError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { NewId } from '../../core/ports.ts'
import type { Principal } from '../../core/principal.ts'
import type { Result } from '../../core/result.ts'
import type { ToolRef } from '../../core/tool.ts'

/** What a door shows and how it reads names. */
export interface DoorListing {
  readonly tools: (principal: Principal) => readonly JsonObject[]
  /** The tool that a name means to the principal; undefined for one that it may not see, as for one that is not there. */
  readonly resolve: (principal: Principal, name: string) => ToolRef | undefined
  readonly instructions: (principal: Principal) => string
}

/** What is needed to answer calls, whichever way they came. */
export interface AnswerParts {
  readonly door: Extract<Door, 'mcp' | 'stdio'>
  readonly version: string
  readonly handler: Handler
  readonly listing: DoorListing
  readonly newId: NewId
}

/** How the gateway introduces itself. */
export function serverInfo(version: string): { name: string; title: string; version: string } {
  return { name: 'isogate', title: 'Isogate', version }
}

/**
 * Answers one `tools/call`: its parameters become a call, what comes back becomes the result on the wire.
 *
 * @throws an error with a JSON-RPC `code` where the answer is a protocol error
 */
export async function answerCall(
  parts: AnswerParts,
  principal: Principal,
  params: unknown,
  signal: AbortSignal,
  onProgress: Call['onProgress'] | undefined,
): Promise<Result> {
  const { name, arguments: args = {}, _meta: meta } = isJsonObject(params) ? params : {}
  if (typeof name !== 'string') throw protocolError(-32602, 'tools/call needs a `name`.')
  if (!isJsonObject(args)) throw protocolError(-32602, '`arguments` of tools/call must be an object.')
  const call: Call = Object.freeze({
    id: parts.newId(),
    door: parts.door,
    principal,
    // A name that leads nowhere is refused by the layers, and so is one that is forbidden, as the same.
    tool: parts.listing.resolve(principal, name) ?? { server: '', name },
    args,
    signal,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(isJsonObject(meta) ? { meta: metaForUpstream(meta) } : {}),
  })
  try {
    return await parts.handler(call)
  } catch (thrown) {
    return toErrorResult(toGatewayError(thrown))
  }
}

/**
 * What a model can act on is a result with `isError`; an unknown tool is a protocol error.
 * Source: MCP 2025-11-25 and 2026-07-28, server/tools, "Error Handling".
 */
function toErrorResult(error: GatewayError): Result {
  const { code, detail, entry } = error
  if (code === 'unknown_tool') throw protocolError(entry.jsonRpc, describeError(error), { code, ...detail })
  return {
    content: [{ type: 'text', text: describeError(error) }],
    isError: true,
    _meta: { 'isogate/error': { code, retryable: entry.retryable, detail: { ...detail } as JsonObject } },
  }
}

/** What `_meta` says beyond this hop: a progress token and the protocol's own envelope are between a client and this door. */
function metaForUpstream(meta: JsonObject): JsonObject {
  const own = ([key]: [string, unknown]): boolean =>
    key !== 'progressToken' && !key.startsWith('io.modelcontextprotocol/')
  return Object.fromEntries(Object.entries(meta).filter(own))
}

/** An error that is sent as a JSON-RPC error response. */
export interface ProtocolError extends Error {
  readonly code: number
  readonly data?: object
}

/** Makes an error that the SDK, and the hot path, send as a JSON-RPC error response. */
export function protocolError(code: number, message: string, data?: object): ProtocolError {
  return Object.assign(new Error(message), { code }, data === undefined ? {} : { data })
}
