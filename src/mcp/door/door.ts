import { Server, type McpRequestContext, type McpServerFactory } from '@modelcontextprotocol/server'

import type { Call } from '../../core/call.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import { answerCall, protocolError, serverInfo, type AnswerParts } from './answer.ts'

export interface DoorParts extends AnswerParts {
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
    const server = new Server(serverInfo(parts.version), {
      capabilities: { tools: canTell(parts, context) ? { listChanged: true } : {} },
      instructions: parts.listing.instructions(principal),
    })
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
