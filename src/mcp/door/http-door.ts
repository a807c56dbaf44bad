import type { IncomingMessage, ServerResponse } from 'node:http'

import { classifyInboundRequest } from '@modelcontextprotocol/server'

import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { ClientView } from '../../core/listing.ts'
import type { Mode } from '../../core/mode.ts'
import type { Principal } from '../../core/principal.ts'
import { isMarked } from '../param-headers.ts'
import type { AnswerParts } from './answer.ts'
import { passing } from './client-view.ts'
import { answerHotCall } from './hot/answer.ts'
import { readHotCall, type HotCall } from './hot/call.ts'
import { serveLegacy } from './legacy/connection.ts'
import { createStreamable } from './legacy/streamable.ts'
import { createOpenStreams, serveModernHttp, toModernRequest } from './modern/http.ts'
import { MODERN_VERSION, unsupportedVersion } from './modern/wire.ts'
import { createParked } from './modern/parked.ts'
import { KEEP_ALIVE_MS } from './post/reply.ts'
import { createPulse } from './post/pulse.ts'
import { readJson, refuse } from './post/read-json.ts'
import { withTrace } from './post/trace.ts'
import { readWish } from './post/wish.ts'
import { createSessions, type Session } from './legacy/sessions.ts'

/** One MCP endpoint over Streamable HTTP. */
export interface McpEndpoint {
  /** Serves one request of a principal that has been authenticated. Rejects only where the connection is broken. */
  readonly handle: (request: IncomingMessage, response: ServerResponse, principal: Principal) => Promise<void>
  readonly close: () => Promise<void>
}

export interface McpEndpointParts extends Omit<AnswerParts, 'door'> {
  readonly maxBodyBytes: number
  /** The input schema of the tool that a name means, as it is listed; undefined for none. */
  readonly schemaOf: (principal: Principal, name: string, view: ClientView) => JsonObject | undefined
}

/** What the SDK's own transports answer where the older eras say nothing. */
const SESSION_NOT_FOUND = -32001
const OTHER = -32000

/**
 * Makes an endpoint that serves both eras: 2026-07-28 request by request, older clients in a session where they open one and
 * without where they do not. The body is read and parsed once; plain calls are answered on the hot path.
 */
export function createMcpEndpoint(given: McpEndpointParts): McpEndpoint {
  const { maxBodyBytes } = given
  const parked = createParked()
  const parts = { ...given, door: 'mcp' as const, parked, pulse: createPulse(KEEP_ALIVE_MS) }
  const sessions = createSessions(parts, maxBodyBytes)
  const streams = createOpenStreams()

  async function post(
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
    wish: Mode | undefined,
  ): Promise<void> {
    if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? '')) {
      return refuse(response, 415, OTHER, 'The Content-Type must be application/json.')
    }
    const read = await readJson(request, response, maxBodyBytes)
    if (read === undefined) return
    const body = withTrace(read.value, request.headers)
    const hot = readHotCall(request.headers, body)
    if (hot !== undefined && (await answerHot(hot, request, response, principal, wish))) return
    return serve(body, request, response, principal, wish)
  }

  /** False where the call turns out to need more than an answer. */
  async function answerHot(
    hot: HotCall,
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
    wish: Mode | undefined,
  ): Promise<boolean> {
    const id = request.headers['mcp-session-id']
    if (id === undefined) {
      const view = passing(wish, hot.clientInfo)
      const schema = hot.era === 'modern' ? given.schemaOf(principal, hot.name, view) : undefined
      // Then there are more headers to be checked.
      if (schema !== undefined && isMarked(schema)) return false
      await answerHotCall(parts, principal, view, hot, response, undefined)
      return true
    }
    const session = sessionOf(id, principal)
    if (session === undefined || session.connection.canBeAsked()) return false
    const { signal, done } = session.connection.begin(hot.id)
    try {
      const client = session.connection.client(hot.id, signal)
      await answerHotCall(parts, principal, session.connection.view(), hot, response, { client, signal })
    } finally {
      done()
    }
    return true
  }

  function sessionOf(id: string | string[], principal: Principal): Session | undefined {
    return typeof id === 'string' ? sessions.of(id, principal) : undefined
  }

  async function serve(
    body: Json,
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
    wish: Mode | undefined,
  ): Promise<void> {
    const { headers } = request
    const header = (name: string): string | undefined => {
      const value = headers[name]
      return typeof value === 'string' ? value : undefined
    }
    const [version, method, name] = ['mcp-protocol-version', 'mcp-method', 'mcp-name'].map(header)
    const outcome = classifyInboundRequest({
      httpMethod: 'POST',
      ...(version === undefined ? {} : { protocolVersionHeader: version }),
      ...(method === undefined ? {} : { mcpMethodHeader: method }),
      ...(name === undefined ? {} : { mcpNameHeader: name }),
      body,
    })
    const id = isJsonObject(body) && 'method' in body ? (body['id'] ?? null) : null
    if (outcome.kind === 'reject') {
      return refuse(response, outcome.httpStatus, outcome.code, outcome.message, outcome.data, id)
    }
    if (outcome.kind === 'legacy') {
      return serveSession(outcome.reason === 'initialize', request, response, principal, wish, body)
    }
    const { revision } = outcome.classification
    if (revision !== MODERN_VERSION) {
      const { code, message, data } = unsupportedVersion(revision)
      return refuse(response, 400, code, message, data, id)
    }
    // Nothing is waiting for a notification of this era over HTTP.
    if (outcome.messageKind === 'notification') return void response.writeHead(202).end()
    await serveModernHttp(
      parts,
      streams,
      principal,
      wish,
      request,
      response,
      toModernRequest(outcome.message),
    )
  }

  async function serveSession(
    isInitialize: boolean,
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
    wish: Mode | undefined,
    body: Json | undefined,
  ): Promise<void> {
    const id = request.headers['mcp-session-id']
    if (id !== undefined) {
      const session = sessionOf(id, principal)
      if (session === undefined)
        return refuse(response, 404, SESSION_NOT_FOUND, 'There is no such session. Initialize anew.')
      return session.handle(request, response, body)
    }
    if (isInitialize && body !== undefined) return sessions.begin(request, response, principal, body, wish)
    if (body === undefined) {
      response.setHeader('Allow', 'POST')
      return refuse(response, 405, OTHER, 'Only POST, unless a session is named.')
    }
    // A client that opened no session, or an old one that never does: each request for itself.
    const transport = await createStreamable({ maxRequestBodySize: maxBodyBytes })
    serveLegacy(parts, transport, principal, parts.newId(), passing(wish, undefined))
    response.once('close', () => void transport.close())
    await transport.handleRequest(request, response, body)
  }

  return {
    async handle(request, response, principal) {
      const wish = readWish(request, response)
      if (wish === undefined) return
      if (request.method === 'POST') return post(request, response, principal, wish.mode)
      if (request.method === 'GET' || request.method === 'DELETE') {
        return serveSession(false, request, response, principal, wish.mode, undefined)
      }
      response.setHeader('Allow', 'GET, POST, DELETE')
      refuse(response, 405, OTHER, 'Method not allowed.')
    },
    async close() {
      parked.close()
      streams.close()
      await sessions.close()
    },
  }
}
