import { canBeAsked } from '../../../core/client.ts'
import type { CallClient } from '../../../core/client.ts'
import { GatewayError } from '../../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { ClientView } from '../../../core/listing.ts'
import type { Mode } from '../../../core/mode.ts'
import type { Principal } from '../../../core/principal.ts'
import type { Result } from '../../../core/result.ts'
import type { AnswerParts, RequestContext } from '../answer.ts'
import { passing } from '../client-view.ts'
import { isLoud } from '../legacy/wire.ts'
import { MODERN_VERSION, readEnvelope, toModernResult } from './wire.ts'
import type { Flight, Leg, Parked } from './parked.ts'
import { protocolError } from '../protocol-error.ts'
import { answerRequest } from '../request.ts'

/** What a request of 2026-07-28 is answered with. */
export interface ModernParts extends AnswerParts {
  readonly parked: Parked
}

/** A request of 2026-07-28 whose envelope has been checked. */
export interface ModernRequest {
  readonly method: string
  readonly params: JsonObject
  readonly principal: Principal
  /** How its sender wants to be shown the tools. */
  readonly wish: Mode | undefined
  /** Aborted when its sender does not wait any more. */
  readonly signal: AbortSignal
  /** Sends a notification that belongs to the request. */
  readonly notify: (method: string, params: JsonObject) => void
}

/** Requests that may be answered with a question. Source: MCP 2026-07-28, "Multi Round-Trip Requests". */
const MAY_ASK: readonly string[] = ['tools/call', 'prompts/get', 'resources/read']

/** Methods of the older era that are gone. Sources: MCP 2026-07-28, changelog. */
const GONE: readonly string[] = [
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
]

/**
 * Answers a request of 2026-07-28 with what stands in the `result` of the response.
 *
 * @throws a GatewayError, or an error with a JSON-RPC `code`
 */
export async function answerModern(parts: ModernParts, request: ModernRequest): Promise<object> {
  const { method } = request
  if (GONE.includes(method)) throw protocolError(-32601, `Method not found: ${method}`)
  if (method === 'server/discover') {
    // Its answer tells what there is.
    await parts.listable?.()
    return toModernResult(discover(parts, request), method, parts.version)
  }
  if (!MAY_ASK.includes(method)) return answerAtOnce(parts, request, request.params)
  const { inputResponses, requestState, ...params } = request.params
  if (requestState !== undefined && typeof requestState !== 'string')
    throw new GatewayError('unknown_state', 'A `requestState` is a text.')
  const subject = JSON.stringify([method, params['name'] ?? params['uri'], params['arguments'] ?? null])
  if (canBeAsked(clientOf(request, () => request))) {
    const flight =
      typeof requestState === 'string'
        ? parts.parked.resume(requestState, request.principal, subject, request, inputResponses)
        : depart(parts, request, params, subject, inputResponses)
    return land(parts, flight, request)
  }
  if (requestState === undefined) return answerAtOnce(parts, request, params)
  throw new GatewayError('unknown_state', 'No call waits under this `requestState`.')
}

async function answerAtOnce(parts: ModernParts, request: ModernRequest, params: JsonObject): Promise<object> {
  const { method, principal, signal } = request
  const here = (): Leg => request
  const view = viewOf(request)
  const context = { principal, view, signal, client: clientOf(request, here), ...progressOf(request, here) }
  return toModernResult(await answerRequest(parts, context, method, params), method, parts.version)
}

/** Begins a call that may outlive the request that it came by. */
function depart(
  parts: ModernParts,
  request: ModernRequest,
  params: JsonObject,
  subject: string,
  inputResponses: unknown,
): Flight {
  const { method, principal } = request
  const gone = new AbortController()
  const flight = parts.parked.begin(principal, subject, request, inputResponses, (reason) =>
    gone.abort(reason),
  )
  const context: RequestContext = {
    principal,
    view: viewOf(request),
    signal: gone.signal,
    client: { ...clientOf(request, flight.leg), ask: flight.ask },
    ...progressOf(request, flight.leg),
  }
  answerRequest(parts, context, method, params).then(
    (result: Result | JsonObject) => flight.end({ result: toModernResult(result, method, parts.version) }),
    (error: unknown) => flight.end({ error }),
  )
  return flight
}

/** What the call comes to while this request waits for it. When its sender goes away meanwhile, the call is cancelled. */
async function land(parts: ModernParts, flight: Flight, { method, signal }: ModernRequest): Promise<object> {
  signal.addEventListener('abort', flight.cancel, { once: true })
  if (signal.aborted) flight.cancel()
  try {
    const stage = await flight.next()
    if ('error' in stage) throw stage.error
    if ('result' in stage) return stage.result
    return toModernResult({ resultType: 'input_required', ...stage }, method, parts.version)
  } finally {
    signal.removeEventListener('abort', flight.cancel)
  }
}

/** The client behind a request, told by way of the request that waits for the call at the moment. */
function clientOf({ params }: ModernRequest, leg: () => Leg | undefined): CallClient {
  const { capabilities, logLevel } = readEnvelope(params)
  return {
    capabilities,
    ...(logLevel === undefined ? {} : { logLevel }),
    ask: () =>
      Promise.reject(new GatewayError('client_cannot', 'A client cannot be asked during this request.')),
    tell(told, about) {
      // Source: MCP 2026-07-28, logging: none are sent to a client that did not ask for them.
      if (told === 'notifications/message' && !isLoudEnough(about, logLevel)) return
      leg()?.notify(told, about)
    },
  }
}

function viewOf({ params, wish }: ModernRequest): ClientView {
  return passing(wish, readEnvelope(params).clientInfo)
}

function discover({ listing }: AnswerParts, request: ModernRequest): JsonObject {
  const { principal } = request
  const instructions = listing.instructions(principal, viewOf(request))
  return {
    supportedVersions: [MODERN_VERSION],
    capabilities: listing.capabilities(principal),
    ...(instructions === undefined ? {} : { instructions }),
  }
}

function isLoudEnough(about: JsonObject, least: string | undefined): boolean {
  return least !== undefined && isLoud(about['level'], least)
}

/** Progress under the token of the request that waits at the moment: each that brings answers has one of its own. */
function progressOf(
  { params }: ModernRequest,
  leg: () => Leg | undefined,
): Pick<RequestContext, 'onProgress'> {
  if (tokenOf(params) === undefined) return {}
  return {
    onProgress(progress) {
      const now = leg()
      const progressToken = now === undefined ? undefined : tokenOf(now.params)
      if (progressToken === undefined) return
      now?.notify('notifications/progress', { progressToken, ...progress })
    },
  }
}

function tokenOf(params: JsonObject): string | number | undefined {
  const { progressToken } = isJsonObject(params['_meta']) ? params['_meta'] : {}
  return typeof progressToken === 'string' || typeof progressToken === 'number' ? progressToken : undefined
}
