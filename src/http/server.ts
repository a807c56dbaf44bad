import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { describeError, GatewayError, toGatewayError } from '../core/errors.ts'
import type { Authenticate } from './auth.ts'
import type { MountedEndpoint } from './endpoints.ts'
import { createRouter, type Found } from './router.ts'

export interface HttpServerParts {
  readonly host: string
  readonly port: number
  readonly endpoints: readonly MountedEndpoint[]
  /** Checked here where a request says its length; a body without one is bounded by its endpoint while it is read. */
  readonly maxBodyBytes: number
  readonly authenticate: Authenticate
  /** @throws GatewayError for a request of the wrong host or origin */
  readonly guard: (headers: FastifyRequest['headers']) => void
  /** Names of servers that have not been tried yet. */
  readonly pending: () => readonly string[]
  readonly state: () => ServedState
  /** What is counted, in the text format of Prometheus. Absent: nothing is. */
  readonly metrics?: () => string
  readonly onError: (error: GatewayError) => void
}

/** What a supervisor wants to know of the configuration that is served. */
export interface ServedState {
  /** Grows with each configuration that is applied. */
  readonly revision: number
  /** The configuration on the disk has errors and is not the one that is served. */
  readonly isStale: boolean
  /** No new calls are taken. */
  readonly isStopping: boolean
}

/** A listening HTTP server. */
export interface HttpServer {
  /** As a client would write it, with the port that was given. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** How long a connection may be idle, milliseconds: longer than the minute after which proxies give up theirs. */
const KEEP_ALIVE_MS = 72_000

/** Paths that answer without a token. Everything else answers 401 (test/http/routes.test.ts). */
export const PUBLIC_PATHS: readonly string[] = ['/health', '/ready']

/**
 * Opens the HTTP door: guard, authentication, then the endpoint. Bodies are left to the endpoints, which bound them.
 *
 * @throws GatewayError `port_in_use`, `listen_failed`
 */
export async function startHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const find = createRouter(parts.endpoints)
  let server: Server | undefined
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    // A path that cannot be decoded is refused before there is a route, and so before the hooks.
    frameworkErrors: (error, _request, reply) => void sendError(reply, error, parts.onError),
    serverFactory: (serve) => {
      server = createServer((request, response) => {
        const found = find(request.url ?? '')
        // Endpoints read their requests themselves: what the framework would do for them costs a tenth of a call.
        if (found === undefined) serve(request, response)
        else enter(parts, found, request, response)
      })
      server.keepAliveTimeout = KEEP_ALIVE_MS
      return server
    },
  })
  app.addHook('onRequest', async (request) => {
    parts.guard(request.headers)
    if (request.routeOptions.url !== undefined && PUBLIC_PATHS.includes(request.routeOptions.url)) return
    parts.authenticate(request.headers.authorization)
  })
  app.setErrorHandler((thrown, _request, reply) => sendError(reply, thrown, parts.onError))
  app.setNotFoundHandler((request, reply) => sendError(reply, nothingAt(request.url), parts.onError))
  addHealth(app, parts)
  const { metrics } = parts
  if (metrics !== undefined) {
    app.get('/metrics', (_request, reply) =>
      reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics()),
    )
  }

  try {
    await app.listen({ host: parts.host, port: parts.port })
  } catch (cause) {
    const inUse = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    const at = `${parts.host}:${parts.port}`
    throw inUse
      ? new GatewayError('port_in_use', `Port ${parts.port} of ${parts.host} is taken.`, { cause })
      : new GatewayError('listen_failed', `${at} cannot be listened on.`, { cause })
  }
  const address = app.server.address()
  const port = typeof address === 'object' && address !== null ? address.port : parts.port
  const host = parts.host.includes(':') ? `[${parts.host}]` : parts.host
  return {
    url: `http://${host}:${port}`,
    close: async () => {
      const closed = app.close()
      // Clients keep their connections open for as long as they are let.
      server?.closeAllConnections()
      await closed
    },
  }
}

function addHealth(
  app: FastifyInstance,
  { pending, state }: Pick<HttpServerParts, 'pending' | 'state'>,
): void {
  app.get('/health', () => ({ status: 'ok' }))
  app.get('/ready', (_request, reply) => {
    const waiting = pending().length
    const { revision, isStale, isStopping } = state()
    const ready = waiting === 0 && !isStopping
    // Stale is not unready: the configuration of before serves as well as it did.
    return reply.code(ready ? 200 : 503).send({
      ready,
      waiting,
      revision,
      ...(isStale ? { configuration: 'stale' } : {}),
      ...(isStopping ? { stopping: true } : {}),
    })
  })
}

/** The way of a request to an endpoint: guard, authentication, the bound, and then the endpoint. */
function enter(
  { guard, authenticate, maxBodyBytes, onError }: HttpServerParts,
  { endpoint }: Found,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  try {
    guard(request.headers)
    const principal = authenticate(request.headers.authorization)
    const bodyBytes = Number(request.headers['content-length'] ?? 0)
    if (bodyBytes > maxBodyBytes) {
      const length = `The body has ${bodyBytes} bytes; ${maxBodyBytes} are accepted.`
      throw new GatewayError('body_too_large', length)
    }
    if (endpoint === undefined) throw nothingAt(request.url ?? '')
    endpoint.handle(request, response, principal).catch((error: unknown) => {
      // A client that went away before all of its request had come: nobody waits, and nothing is wrong here.
      if (request.complete || !request.destroyed) refuse(response, error, onError)
    })
  } catch (error) {
    refuse(response, error, onError)
  }
}

/** Answers an error on a connection that may be broken, or may be in the middle of an answer. */
function refuse(response: ServerResponse, thrown: unknown, onError: (error: GatewayError) => void): void {
  const { status, headers, body } = toErrorAnswer(thrown, onError)
  if (response.headersSent) return void response.destroy()
  const text = JSON.stringify(body)
  response.writeHead(status, {
    ...headers,
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  })
  response.end(text)
}

function sendError(
  reply: FastifyReply,
  thrown: unknown,
  onError: (error: GatewayError) => void,
): FastifyReply {
  const { status, headers, body } = toErrorAnswer(thrown, onError)
  return reply.code(status).headers(headers).send(body)
}

/** An error as JSON-RPC has it, with the HTTP status of the table. */
function toErrorAnswer(thrown: unknown, onError: (error: GatewayError) => void) {
  const error = toGatewayError(
    isClientFault(thrown) ? new GatewayError('bad_request', 'The request cannot be read.') : thrown,
  )
  const { code, entry } = error
  if (code === 'internal') onError(error)
  const message = describeError(error)
  return {
    status: entry.http,
    headers: code === 'unauthorized' ? { 'WWW-Authenticate': 'Bearer realm="isogate"' } : {},
    body: { jsonrpc: '2.0', id: null, error: { code: entry.jsonRpc, message, data: { code } } },
  }
}

function nothingAt(url: string): GatewayError {
  return new GatewayError('not_found', `There is nothing at ${url.slice(0, 200)}.`)
}

/** Fastify's own refusals of malformed requests carry a 4xx status. */
function isClientFault(thrown: unknown): boolean {
  const status = (thrown as { statusCode?: unknown }).statusCode
  return !(thrown instanceof GatewayError) && typeof status === 'number' && status >= 400 && status < 500
}
