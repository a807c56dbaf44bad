import { fastify, type FastifyInstance } from 'fastify'
import type { z } from 'zod'

import { GatewayError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import type { Authenticate } from '../auth.ts'
import { takeJson } from '../doors/json-body.ts'
import { nothingAt, sendError, type OnError } from '../faults.ts'
import { KEEP_ALIVE_MS, listen, SERVER_OPTIONS, type Listening } from '../listen.ts'
import { toOpenApi } from './openapi.ts'
import type { AdminRoute } from './route.ts'
import { createAdminRoutes } from './routes.ts'
import type { AdminPorts } from './ports.ts'

export interface AdminServerParts extends AdminPorts {
  readonly host: string
  readonly port: number
  readonly version: string
  /** Accepts the token of administrators and nothing else. */
  readonly authenticate: Authenticate
  /** @throws GatewayError for a request of the wrong host or origin */
  readonly guard: (headers: {
    readonly host?: string | undefined
    readonly origin?: string | undefined
  }) => void
  readonly onError: OnError
}

/** Where the routes are. */
const ADMIN_BASE = '/api/v1'

const DESCRIPTION_PATH = `${ADMIN_BASE}/openapi.json`
const MAX_BODY_BYTES = 1_024 * 1_024
/** How long a request may take to come in, milliseconds. */
const REQUEST_MS = 30_000

/**
 * Opens the admin API on a listener of its own. No path answers without the token.
 *
 * @throws GatewayError `port_in_use`, `listen_failed`
 */
export async function startAdminServer(parts: AdminServerParts): Promise<Listening> {
  const { guard, authenticate, version, onError } = parts
  const routes = createAdminRoutes(parts)
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: MAX_BODY_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_MS,
    http: SERVER_OPTIONS,
    forceCloseConnections: true,
    // A path that cannot be decoded is refused before there is a route, and so before the hooks.
    frameworkErrors: (error, _request, reply) => void sendError(reply, error, onError, 'plain'),
  })
  app.addHook('onRequest', async ({ headers, raw }) => {
    guard(headers)
    authenticate(raw)
  })
  app.addHook('onSend', async (_request, reply) => {
    // An answer may hold a key.
    reply.header('Cache-Control', 'no-store')
  })
  app.setErrorHandler((thrown, _request, reply) => sendError(reply, thrown, onError, 'plain'))
  app.setNotFoundHandler((request) => {
    throw nothingAt(request.url)
  })
  takeJson(app)
  const description = toOpenApi(routes, ADMIN_BASE, version)
  app.get(DESCRIPTION_PATH, () => description)
  for (const each of routes) addRoute(app, each)
  return listen(app, () => app.server, parts)
}

function addRoute(
  app: FastifyInstance,
  { method, path, query, body, answer, status, handle }: AdminRoute,
): void {
  app.route<{ Params: { readonly id?: string }; Querystring: unknown; Body: Json | undefined }>({
    method,
    url: `${ADMIN_BASE}${path}`,
    handler: async (request, reply) => {
      const said = await handle({
        id: request.params.id ?? '',
        query: query === undefined ? requireNothing(request.query) : check(query, request.query),
        body: body === undefined ? requireNothing(request.body) : check(body, request.body),
      })
      if (answer === undefined) return reply.code(204).send()
      return reply.code(status ?? 200).send(said)
    },
  })
}

/** What is not known is refused: whoever sent it believes that it does something. */
function requireNothing(given: unknown): undefined {
  if (given === undefined || given === null || Object.keys(given).length === 0) return undefined
  throw new GatewayError('invalid_arguments', 'Nothing can be said to this request.')
}

const MAX_PROBLEMS = 20

function check(schema: z.ZodType, given: unknown): unknown {
  const parsed = schema.safeParse(given ?? undefined)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues
    .slice(0, MAX_PROBLEMS)
    .map(
      ({ path, message }) =>
        `${path.length === 0 ? 'the request' : path.map(String).join('.').slice(0, 200)}: ${message}`,
    )
  throw new GatewayError('invalid_arguments', `${problems.join('; ')}.`, { detail: { problems } })
}
