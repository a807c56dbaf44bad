import { Server, type McpRequestContext, type McpServerFactory } from '@modelcontextprotocol/server'

import type { Call, Door, Handler } from '../core/call.ts'
import { describeError, toGatewayError, type GatewayError } from '../core/errors.ts'
import { isJsonObject, type JsonObject } from '../core/json.ts'
import type { NewId } from '../core/ports.ts'
import type { Principal } from '../core/principal.ts'
import type { Result } from '../core/result.ts'
import type { ToolRef } from '../core/tool.ts'

/** What a door shows and how it reads names. */
export interface DoorListing {
  readonly tools: (principal: Principal) => readonly JsonObject[]
  /** The tool that a name means to the principal; undefined for one that it may not see, as for one that is not there. */
  readonly resolve: (principal: Principal, name: string) => ToolRef | undefined
  readonly instructions: (principal: Principal) => string
}

export interface DoorParts {
  readonly door: Extract<Door, 'mcp' | 'stdio'>
  readonly version: string
  readonly handler: Handler
  readonly listing: DoorListing
  readonly newId: NewId
  /**
   * Tells a connection that lasts when the tools have changed; returns the way to stop. Absent where a server lives for one
   * request only.
   */
  readonly onToolsChanged?: (listener: () => void) => () => void
  /** Who is behind a connection or a request; set by whoever authenticated it. */
  readonly principalOf: (context: McpRequestContext) => Principal
}

/**
 * Serves a handler as MCP, in both eras of the protocol: a request becomes a call, a result becomes a response.
 *
 * Requests are taken by the SDK's fallback handler, because its typed handlers strip what they do not know
 * (test/mcp/door.test.ts); the SDK still does the handshake, the envelope and the era's codec.
 */
export function createDoor(parts: DoorParts): McpServerFactory {
  return (context) => {
    const principal = parts.principalOf(context)
    const server = new Server(
      { name: 'isogate', title: 'Isogate', version: parts.version },
      {
        capabilities: { tools: canTell(parts, context) ? { listChanged: true } : {} },
        instructions: parts.listing.instructions(principal),
      },
    )
    // A client that has gone cannot be told anything, and need not be.
    const stop = parts.onToolsChanged?.(() => void server.sendToolListChanged().catch(() => {}))
    server.onclose = () => stop?.()
    server.fallbackRequestHandler = async ({ method, params }, ctx) => {
      const { signal, notify } = ctx.mcpReq
      if (method === 'tools/list') return listResult(parts.listing.tools(principal), context.era)
      if (method === 'tools/call') {
        const onProgress = progressRelay(params, (progress) =>
          notify({ method: 'notifications/progress', params: progress }),
        )
        return { ...(await answerCall(parts, principal, params, signal, onProgress)) }
      }
      throw protocolError(-32601, `Method not found: ${method}`)
    }
    return server
  }
}

/** True where there is a stream on which a change of the tools can be told: an older client over HTTP has none here. */
function canTell({ onToolsChanged }: DoorParts, { era }: McpRequestContext): boolean {
  return era === 'modern' || onToolsChanged !== undefined
}

/** All tools on one page: the set is bounded, and a page break would only cost a round trip. */
function listResult(tools: readonly JsonObject[], era: McpRequestContext['era']): { tools: JsonObject[] } {
  const result = { tools: [...tools] }
  // What a principal sees depends on who it is, so nobody may share it. Source: MCP 2026-07-28, caching.
  return era === 'modern' ? Object.assign(result, { ttlMs: 0, cacheScope: 'private' }) : result
}

async function answerCall(
  parts: DoorParts,
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

function progressRelay(
  params: unknown,
  send: (progress: JsonObject) => Promise<void>,
): Call['onProgress'] | undefined {
  const meta = isJsonObject(params) && isJsonObject(params['_meta']) ? params['_meta'] : {}
  const { progressToken } = meta
  if (typeof progressToken !== 'string' && typeof progressToken !== 'number') return undefined
  // A caller who has gone cannot be told anything, and need not be.
  return (progress) => void send({ progressToken, ...progress }).catch(() => {})
}

/** An error that the SDK sends as a JSON-RPC error response. */
function protocolError(code: number, message: string, data?: object): Error {
  return Object.assign(new Error(message), { code }, data === undefined ? {} : { data })
}
