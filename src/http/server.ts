import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

import { fastify, type FastifyRequest } from 'fastify'

import { GatewayError } from '../core/errors.ts'
import type { Principal } from '../core/principal.ts'
import type { Authenticate } from './auth.ts'
import { addApprovalAnswers, APPROVAL_ANSWER_PATH, type AnswerApproval } from './doors/approval-answers.ts'
import { addRestDoor, type RestParts } from './doors/rest.ts'
import type { MountedEndpoint } from './endpoints.ts'
import { nothingAt, refuse, sendError, type OnError } from './faults.ts'
import { addHealth, type HealthParts } from './health.ts'
import { KEEP_ALIVE_MS, listen, SERVER_OPTIONS, type Listening } from './listen.ts'
import { createRouter, type Found } from './router.ts'
import { createStreamGuard, type Revocations, type StreamGuard } from './streams.ts'

/** A listening HTTP server. */
export type HttpServer = Listening

export interface HttpServerParts extends HealthParts {
  readonly host: string
  readonly port: number
  readonly endpoints: readonly MountedEndpoint[]
  /** Checked here where a request says its length; a body without one is bounded by its endpoint while it is read. */
  readonly maxBodyBytes: number
  readonly authenticate: Authenticate
  /** @throws GatewayError for a request of the wrong host or origin */
  readonly guard: (headers: FastifyRequest['headers']) => void
  /** What is counted, in the text format of Prometheus. Absent: nothing is. */
  readonly metrics?: () => string
  /** Ends streams of keys that are revoked. Absent: nobody has a key. */
  readonly revocations?: Revocations
  /** The REST door. Absent: there is none. */
  readonly rest?: RestParts
  /** Takes answers to approvals that a webhook told of. Absent: there is no place for them. */
  readonly answerApproval?: AnswerApproval
  readonly onError: OnError
}

/** Paths that answer without a token. Everything else answers 401 (test/http/routes.test.ts). */
export const PUBLIC_PATHS: readonly string[] = ['/health', '/ready']

/** Paths whose requests carry a signature in the place of a token. */
export const SIGNED_PATHS: readonly string[] = [APPROVAL_ANSWER_PATH]

/** The longest variable part of a path: a tool's name, each character of it escaped. */
const MAX_PARAMETER = 2_048

/**
 * Opens the HTTP door: guard, authentication, then the endpoint. Bodies are left to the endpoints, which bound them.
 *
 * @throws GatewayError `port_in_use`, `listen_failed`
 */
export async function startHttpServer(parts: HttpServerParts): Promise<HttpServer> {
  const { guard, authenticate, maxBodyBytes, metrics, rest, answerApproval, onError } = parts
  const find = createRouter(parts.endpoints)
  const streams = parts.revocations === undefined ? undefined : createStreamGuard(parts.revocations)
  const principals = new WeakMap<IncomingMessage, Principal>()
  let server: Server | undefined
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: maxBodyBytes,
    routerOptions: { maxParamLength: MAX_PARAMETER },
    // A path that cannot be decoded is refused before there is a route, and so before the hooks.
    frameworkErrors: (error, _request, reply) => void sendError(reply, error, onError, 'json-rpc'),
    serverFactory: (serve) => {
      server = createServer(SERVER_OPTIONS, (request, response) => {
        const found = find(request.url ?? '')
        // Endpoints read their requests themselves: what the framework would do for them costs a tenth of a call.
        if (found === undefined) serve(request, response)
        else enter(parts, streams, found, request, response)
      })
      server.keepAliveTimeout = KEEP_ALIVE_MS
      return server
    },
  })
  app.addHook('onRequest', async ({ headers, raw, routeOptions: { url } }) => {
    guard(headers)
    if (url !== undefined && (PUBLIC_PATHS.includes(url) || SIGNED_PATHS.includes(url))) return
    principals.set(raw, authenticate(raw))
  })
  app.setErrorHandler((thrown, _request, reply) => sendError(reply, thrown, onError, 'json-rpc'))
  app.setNotFoundHandler((request) => {
    throw nothingAt(request.url)
  })
  addHealth(app, parts)
  const principalOf = (request: IncomingMessage): Principal => {
    const principal = principals.get(request)
    if (principal === undefined) throw new GatewayError('unauthorized', 'Nobody is known to have sent it.')
    return principal
  }
  if (metrics !== undefined) {
    app.get('/metrics', ({ raw, url }, reply) => {
      // They name servers and tools of everybody, so for a key they are not there.
      if (principalOf(raw).kind === 'key') throw nothingAt(url)
      return reply.type('text/plain; version=0.0.4; charset=utf-8').send(metrics())
    })
  }
  if (rest !== undefined) addRestDoor(app, { ...rest, onError, principalOf })
  if (answerApproval !== undefined) addApprovalAnswers(app, answerApproval, onError)
  try {
    const open = await listen(app, () => server, parts)
    return {
      url: open.url,
      close: async () => {
        streams?.close()
        await open.close()
      },
    }
  } catch (error) {
    streams?.close()
    throw error
  }
}

/** The way of a request to an endpoint: guard, authentication, the bound, and then the endpoint. */
function enter(
  { guard, authenticate, maxBodyBytes, onError }: HttpServerParts,
  streams: StreamGuard | undefined,
  { endpoint }: Found,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  try {
    guard(request.headers)
    const principal = authenticate(request)
    const bodyBytes = Number(request.headers['content-length'] ?? 0)
    if (bodyBytes > maxBodyBytes) {
      const length = `The body has ${bodyBytes} bytes; ${maxBodyBytes} are accepted.`
      throw new GatewayError('body_too_large', length)
    }
    if (endpoint === undefined) throw nothingAt(request.url ?? '')
    streams?.add(response, principal)
    endpoint.handle(request, response, principal).catch((error: unknown) => {
      // A client that went away before all of its request had come: nobody waits, and nothing is wrong here.
      if (request.complete || !request.destroyed) refuse(response, error, onError)
    })
  } catch (error) {
    refuse(response, error, onError)
  }
}
