import type { IncomingMessage, ServerResponse } from 'node:http'

import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, type McpRequestContext } from '@modelcontextprotocol/server'

import type { Principal } from '../core/principal.ts'
import { createDoor, type DoorParts } from './door.ts'

/** One MCP endpoint over Streamable HTTP. */
export interface McpEndpoint {
  /** Serves one request of a principal that has been authenticated. Rejects only where the connection is broken. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, principal: Principal) => Promise<void>
  /** Tells subscribed clients that the tools have changed. */
  readonly toolsChanged: () => void
  readonly close: () => Promise<void>
}

export interface McpEndpointParts extends Omit<DoorParts, 'door' | 'principalOf'> {
  readonly maxBodyBytes: number
  readonly onError: (error: Error) => void
}

/** Makes an endpoint that serves both eras: 2026-07-28 per request, older clients without a session. */
export function createMcpEndpoint(parts: McpEndpointParts): McpEndpoint {
  const { maxBodyBytes, onError } = parts
  const door = createDoor({ ...parts, door: 'mcp', principalOf })
  const handler = createMcpHandler(door, { onerror: onError, maxRequestBodySize: maxBodyBytes })
  const toNode = toNodeHandler(handler, { onerror: onError, maxRequestBodySize: maxBodyBytes })
  return {
    handle(request, response, principal) {
      // The SDK hands `auth` from the request to the factory; the token itself stays outside.
      const auth = { token: '', clientId: principal.id, scopes: [], extra: { principal } }
      return toNode(Object.assign(request, { auth }) as Parameters<typeof toNode>[0], response)
    },
    toolsChanged: () => handler.notify.toolsChanged(),
    close: () => handler.close(),
  }
}

function principalOf({ authInfo }: McpRequestContext): Principal {
  const principal = authInfo?.extra?.['principal']
  if (principal === undefined) throw new Error('a request reached the MCP door without a principal')
  return principal as Principal
}
