import type { IncomingMessage, ServerResponse } from 'node:http'

import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  type Transport,
} from '@modelcontextprotocol/server'

import type { NewId } from '../../../core/ports.ts'
import type { Mode } from '../../../core/mode.ts'
import type { Principal } from '../../../core/principal.ts'
import { INVALID_REQUEST, readJson, refuse } from '../post/read-json.ts'
import { readWish } from '../post/wish.ts'
import { SseStream, type SseStreamLimits } from './sse-stream.ts'

/** An MCP endpoint over the older HTTP+SSE. */
export interface SseEndpoint {
  /**
   * Serves one request, at `PATH/sse` or `PATH/messages`, of a principal that has been authenticated. Rejects only where the
   * connection is broken.
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse, principal: Principal) => Promise<void>
  /** How many event streams are open. */
  readonly size: () => number
  /** Ends all event streams. */
  readonly close: () => Promise<void>
}

export interface SseEndpointParts {
  /** Where the endpoint stands: the event stream is at `PATH/sse`, messages go to `PATH/messages`. */
  readonly path: string
  /** Names a session. Who knows the name of a session still has to be the principal that opened it. */
  readonly newId: NewId
  readonly maxBodyBytes: number
  /** Connects a server to a new event stream. Where it rejects, the stream is not opened. */
  readonly connect: (transport: Transport, principal: Principal, wish: Mode | undefined) => Promise<void>
  readonly onError: (error: Error) => void
  readonly limits?: Partial<SseLimits>
}

/** What the clients of an endpoint may take. */
export interface SseLimits extends SseStreamLimits {
  readonly maxStreams: number
  readonly maxStreamsPerPrincipal: number
  /** How often a quiet stream is written to, milliseconds. */
  readonly keepAliveMs: number
  /** How many times of that a client may not read, while something waits for it. */
  readonly maxFullTicks: number
}

const MIB = 1_024 * 1_024

/**
 * Makes an endpoint for clients of 2024-11-05. A session lives as long as its event stream and belongs to the principal that
 * opened it: to anybody else it is not there.
 *
 * Source: MCP 2024-11-05, basic/transports, "HTTP with SSE". The Host and Origin of a request are looked at before.
 */
export function createSseEndpoint(parts: SseEndpointParts): SseEndpoint {
  const { path, newId, maxBodyBytes, connect, onError } = parts
  const limits: SseLimits = {
    maxStreams: 256,
    maxStreamsPerPrincipal: 64,
    maxRequests: 128,
    maxHeldBytes: 4 * maxBodyBytes,
    maxUnreadBytes: 64 * MIB,
    keepAliveMs: 15_000,
    maxFullTicks: 8,
    ...parts.limits,
  }
  const sessions = new Map<string, { readonly stream: SseStream; readonly principalId: string }>()
  let isClosed = false
  const timer = setInterval(() => {
    for (const { stream } of sessions.values()) stream.tick(limits.maxFullTicks)
  }, limits.keepAliveMs).unref()

  function isFull(principal: Principal): boolean {
    const own = [...sessions.values()].filter(({ principalId }) => principalId === principal.id)
    return sessions.size >= limits.maxStreams || own.length >= limits.maxStreamsPerPrincipal
  }

  async function openStream(
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
  ): Promise<void> {
    if (request.method !== 'GET') return refuseMethod(response, 'GET')
    if (isClosed || isFull(principal)) {
      response.setHeader('Retry-After', '10')
      return refuse(response, 503, -32000, 'There are too many event streams; end one, or come back later.')
    }
    const wish = readWish(request, response)
    if (wish === undefined) return
    const sessionId = newId()
    const stream = new SseStream(response, sessionId, `${path}/messages?sessionId=${sessionId}`, limits)
    sessions.set(sessionId, { stream, principalId: principal.id })
    response.once('close', () => sessions.delete(sessionId))
    try {
      await connect(stream, principal, wish.mode)
    } catch (error) {
      onError(toError(error))
      sessions.delete(sessionId)
      if (response.headersSent) response.destroy()
      else refuse(response, 500, -32603, 'The event stream could not be opened.')
    }
  }

  async function takeMessage(
    request: IncomingMessage,
    response: ServerResponse,
    principal: Principal,
  ): Promise<void> {
    if (request.method !== 'POST') return refuseMethod(response, 'POST')
    const session = sessions.get(addressOf(request).searchParams.get('sessionId') ?? '')
    // The attack: the name of a session that was read in a log, posted to by another principal.
    if (session === undefined || session.principalId !== principal.id) return refuseSession(response)
    if (!/^application\/json\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
      return refuse(response, 415, INVALID_REQUEST, 'The Content-Type must be application/json.')
    const body = await readJson(request, response, maxBodyBytes)
    if (body === undefined) return
    if (!session.stream.isOpen) return refuseSession(response)
    if (!isMessage(body.value))
      return refuse(response, 400, INVALID_REQUEST, 'The body is no message of JSON-RPC.')
    try {
      if (session.stream.receive(body.value, body.bytes)) return void response.writeHead(202).end('Accepted')
    } catch (error) {
      onError(toError(error))
      return refuse(response, 500, -32603, 'The message could not be taken.')
    }
    response.setHeader('Retry-After', '1')
    refuse(response, 429, -32000, 'Too many requests of this session are under way.')
  }

  return {
    async handle(request, response, principal) {
      const { pathname } = addressOf(request)
      if (pathname === `${path}/sse`) return openStream(request, response, principal)
      if (pathname === `${path}/messages`) return takeMessage(request, response, principal)
      refuse(response, 404, -32601, 'There is nothing at this address.')
    },
    size: () => sessions.size,
    async close() {
      isClosed = true
      clearInterval(timer)
      await Promise.all([...sessions.values()].map(({ stream }) => stream.close()))
    },
  }
}

function addressOf({ url = '' }: IncomingMessage): URL {
  return URL.parse(url, 'http://localhost') ?? new URL('http://localhost')
}

function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

/** Asks the SDK, and hands on what came: a copy would lack the members that it does not know. */
function isMessage(value: unknown): value is JSONRPCMessage {
  return isJSONRPCRequest(value) || isJSONRPCNotification(value) || isJSONRPCResponse(value)
}

function refuseMethod(response: ServerResponse, allowed: string): void {
  response.setHeader('Allow', allowed)
  refuse(response, 405, -32000, `Only ${allowed} is understood here.`)
}

function refuseSession(response: ServerResponse): void {
  refuse(response, 404, -32001, 'There is no such session; open the event stream first.')
}
