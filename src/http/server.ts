import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'

import { describeError, GatewayError, toGatewayError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { Authenticate } from './auth.ts'
import type { MountedEndpoint } from './endpoints.ts'

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

/** Paths that answer without a token. Everything else answers 401 (test/http/routes.test.ts). */
export const PUBLIC_PATHS: readonly string[] = ['/health', '/ready']

/**
 * Opens the HTTP door: guard, authentication, then the endpoint. Bodies are left to the endpoints, which bound them.
 *
 * @throws GatewayError `port_in_use`, `listen_failed`
 */
export async function startHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    // A path that cannot be decoded is refused before there is a route, and so before the hooks.
    frameworkErrors: (error, _request, reply) => void sendError(reply, error, parts.onError),
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _payload, done) => done(null))
  const principals = new WeakMap<object, Principal>()

  app.addHook('onRequest', async (request) => {
    parts.guard(request.headers)
    if (request.routeOptions.url !== undefined && PUBLIC_PATHS.includes(request.routeOptions.url)) return
    principals.set(request.raw, parts.authenticate(request.headers.authorization))
  })
  app.setErrorHandler((thrown, _request, reply) => sendError(reply, thrown, parts.onError))
  app.setNotFoundHandler((request, reply) => sendError(reply, nothingAt(request.url), parts.onError))
  addHealth(app, parts)
  for (const { path, of } of parts.endpoints) {
    app.all<{ Params: { name?: string } }>(path, async (request, reply) => {
      const bodyBytes = Number(request.headers['content-length'] ?? 0)
      if (bodyBytes > parts.maxBodyBytes) {
        throw new GatewayError(
          'body_too_large',
          `The body has ${bodyBytes} bytes; ${parts.maxBodyBytes} are accepted.`,
        )
      }
      const principal = principals.get(request.raw)
      if (principal === undefined)
        throw new GatewayError('unauthorized', 'The request was not authenticated.')
      const endpoint = of(request.params.name ?? '')
      if (endpoint === undefined) throw nothingAt(request.url)
      reply.hijack()
      await endpoint.handle(request.raw, reply.raw, principal)
    })
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
  return { url: `http://${host}:${port}`, close: () => app.close() }
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

/** Answers an error as JSON-RPC does, with the HTTP status of the table. */
function sendError(
  reply: FastifyReply,
  thrown: unknown,
  onError: (error: GatewayError) => void,
): FastifyReply {
  const error = toGatewayError(
    isClientFault(thrown) ? new GatewayError('bad_request', 'The request cannot be read.') : thrown,
  )
  const { code, entry } = error
  if (code === 'internal') onError(error)
  if (code === 'unauthorized') void reply.header('WWW-Authenticate', 'Bearer realm="isogate"')
  return reply.code(entry.http).send({
    jsonrpc: '2.0',
    id: null,
    error: { code: entry.jsonRpc, message: describeError(error), data: { code } },
  })
}

function nothingAt(url: string): GatewayError {
  return new GatewayError('not_found', `There is nothing at ${url.slice(0, 200)}.`)
}

/** Fastify's own refusals of malformed requests carry a 4xx status. */
function isClientFault(thrown: unknown): boolean {
  const status = (thrown as { statusCode?: unknown }).statusCode
  return !(thrown instanceof GatewayError) && typeof status === 'number' && status >= 400 && status < 500
}
