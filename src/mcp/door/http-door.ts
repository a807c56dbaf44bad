import type { IncomingMessage, ServerResponse } from 'node:http'

import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, type McpRequestContext } from '@modelcontextprotocol/server'

import { describeError, GatewayError } from '../../core/errors.ts'
import { isDeeperThan, type Json } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import { readBody } from './body.ts'
import { createDoor, type DoorParts } from './door.ts'
import { answerHotCall, sendJson } from './hot-answer.ts'
import { readHotCall } from './hot-call.ts'

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

/** Source: JSON-RPC 2.0, "Error object". */
const PARSE_ERROR = -32700
const INVALID_REQUEST = -32600

/** Deeper than any real request, and shallow enough for everything that walks through it by recursion. */
const MAX_LEVELS = 256

/**
 * Makes an endpoint that serves both eras: 2026-07-28 per request, older clients without a session. The body is read
 * and parsed once; plain calls are answered on the hot path, everything else goes the SDK's way.
 */
export function createMcpEndpoint(parts: McpEndpointParts): McpEndpoint {
  const { maxBodyBytes, onError } = parts
  const answerParts = { ...parts, door: 'mcp' as const }
  const door = createDoor({ ...answerParts, principalOf })
  const handler = createMcpHandler(door, { onerror: onError, maxRequestBodySize: maxBodyBytes })
  const toNode = toNodeHandler(handler, { onerror: onError, maxRequestBodySize: maxBodyBytes })

  const handleBySdk = (
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
    body?: Json,
  ) => {
    // The SDK hands `auth` from the request to the factory; the token itself stays outside.
    const auth = { token: '', clientId: principal.id, scopes: [], extra: { principal } }
    return toNode(Object.assign(request, { auth }) as Parameters<typeof toNode>[0], response, body)
  }

  return {
    async handle(request, response, principal) {
      const isJson = /^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')
      if (request.method !== 'POST' || !isJson) return handleBySdk(request, response, principal)
      const bytes = await readBody(request, maxBodyBytes)
      if (bytes === undefined) return refuseLength(response, maxBodyBytes)
      let body: Json
      try {
        body = JSON.parse(bytes.toString('utf8')) as Json
      } catch {
        return refuse(response, 400, PARSE_ERROR, 'The body is not JSON.')
      }
      if (isDeeperThan(body, MAX_LEVELS)) {
        return refuse(
          response,
          400,
          INVALID_REQUEST,
          `The body is nested more than ${MAX_LEVELS} levels deep.`,
        )
      }
      const hot = readHotCall(request.headers, body)
      if (hot === undefined) return handleBySdk(request, response, principal, body)
      return answerHotCall(answerParts, principal, hot, response)
    },
    toolsChanged: () => handler.notify.toolsChanged(),
    close: () => handler.close(),
  }
}

function refuseLength(response: ServerResponse, maxBodyBytes: number): void {
  const error = new GatewayError(
    'body_too_large',
    `The body has more than the ${maxBodyBytes} bytes that are accepted.`,
  )
  // The rest of the body is not read, so the connection is of no further use.
  response.setHeader('Connection', 'close')
  refuse(response, error.entry.http, error.entry.jsonRpc, describeError(error), { code: error.code })
}

function refuse(
  response: ServerResponse,
  status: number,
  code: number,
  message: string,
  data?: object,
): void {
  const error = { code, message, ...(data === undefined ? {} : { data }) }
  sendJson(response, status, { jsonrpc: '2.0', id: null, error })
}

function principalOf({ authInfo }: McpRequestContext): Principal {
  const principal = authInfo?.extra?.['principal']
  if (principal === undefined) throw new Error('a request reached the MCP door without a principal')
  return principal as Principal
}
