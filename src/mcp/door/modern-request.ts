import { canBeAsked } from '../../core/client.ts'
import type { CallClient } from '../../core/client.ts'
import { GatewayError } from '../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Principal } from '../../core/principal.ts'
import type { Result } from '../../core/result.ts'
import type { AnswerParts, RequestContext } from './answer.ts'
import { isLoud } from './legacy-wire.ts'
import { MODERN_VERSION, readEnvelope, toModernResult } from './modern-wire.ts'
import type { Flight, Parked } from './parked.ts'
import { protocolError } from './protocol-error.ts'
import { answerRequest } from './request.ts'

/** What a request of 2026-07-28 is answered with. */
export interface ModernParts extends AnswerParts {
  readonly parked: Parked
}

/** A request of 2026-07-28 whose envelope has been checked. */
export interface ModernRequest {
  readonly method: string
  readonly params: JsonObject
  readonly principal: Principal
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
  const { method, principal, signal } = request
  const { inputResponses, requestState, ...params } = request.params
  if (GONE.includes(method)) throw protocolError(-32601, `Method not found: ${method}`)
  if (method === 'server/discover') return toModernResult(discover(parts, principal), method, parts.version)
  const envelope = readEnvelope(params)
  const client: CallClient = {
    ...envelope,
    ask: () =>
      Promise.reject(new GatewayError('client_cannot', 'A client cannot be asked during this request.')),
    tell(told, about) {
      // Source: MCP 2026-07-28, logging: none are sent to a client that did not ask for them.
      if (told === 'notifications/message' && !isLoudEnough(about, envelope.logLevel)) return
      request.notify(told, about)
    },
  }
  const context = { principal, client, ...progressOf(request) }
  if (!MAY_ASK.includes(method) || !canBeAsked(client)) {
    if (requestState !== undefined)
      throw new GatewayError('unknown_state', 'No call waits under this `requestState`.')
    const result = await answerRequest(parts, { ...context, signal }, method, params)
    return toModernResult(result, method, parts.version)
  }
  const subject = JSON.stringify([method, params['name'] ?? params['uri'], params['arguments'] ?? null])
  const flight =
    typeof requestState === 'string'
      ? parts.parked.resume(requestState, principal, subject, inputResponses)
      : depart(parts, context, method, params, subject, inputResponses)
  const stage = await withinRequest(flight, signal)
  if ('error' in stage) throw stage.error
  if ('result' in stage) return stage.result
  return toModernResult({ resultType: 'input_required', ...stage }, method, parts.version)
}

/** Begins a call that may outlive the request that it came by. */
function depart(
  parts: ModernParts,
  context: Omit<RequestContext, 'signal'> & { readonly client: CallClient },
  method: string,
  params: JsonObject,
  subject: string,
  inputResponses: unknown,
): Flight & { readonly cancel: () => void } {
  const gone = new AbortController()
  const flight = parts.parked.begin(context.principal, subject, inputResponses, (reason) =>
    gone.abort(reason),
  )
  const client = { ...context.client, ask: flight.ask }
  answerRequest(parts, { ...context, client, signal: gone.signal }, method, params).then(
    (result: Result | JsonObject) => flight.end({ result: toModernResult(result, method, parts.version) }),
    (error: unknown) => flight.end({ error }),
  )
  return Object.assign(flight, { cancel: () => gone.abort() })
}

/** What the call comes to while this request waits for it. When its sender goes away meanwhile, the call is cancelled. */
async function withinRequest(
  flight: Flight & { readonly cancel?: () => void },
  signal: AbortSignal,
): ReturnType<Flight['next']> {
  const onAbort = (): void => flight.cancel?.()
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  try {
    return await flight.next()
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function discover({ listing }: AnswerParts, principal: Principal): JsonObject {
  const instructions = listing.instructions(principal)
  return {
    supportedVersions: [MODERN_VERSION],
    capabilities: listing.capabilities(principal),
    ...(instructions === undefined ? {} : { instructions }),
  }
}

function isLoudEnough(about: JsonObject, least: string | undefined): boolean {
  return least !== undefined && isLoud(about['level'], least)
}

function progressOf({ params, notify }: ModernRequest): Pick<RequestContext, 'onProgress'> {
  const { progressToken } = isJsonObject(params['_meta']) ? params['_meta'] : {}
  if (typeof progressToken !== 'string' && typeof progressToken !== 'number') return {}
  return { onProgress: (progress) => notify('notifications/progress', { progressToken, ...progress }) }
}
