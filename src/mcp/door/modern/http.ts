import type { IncomingMessage, ServerResponse } from 'node:http'

import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { ClientView } from '../../../core/listing.ts'
import type { Mode } from '../../../core/mode.ts'
import type { Principal } from '../../../core/principal.ts'
import { passing } from '../client-view.ts'
import { listen } from './listen.ts'
import { answerModern, type ModernParts } from './request.ts'
import { readEnvelope, toModernResult } from './wire.ts'
import { toRpcError } from '../protocol-error.ts'
import { goneSignal } from '../post/gone.ts'
import type { Pulse } from '../post/pulse.ts'
import { createHttpReply, type HttpReply } from '../post/reply.ts'
import { checkParamHeaders, checkStandardHeaders } from './standard-headers.ts'

/** A request of 2026-07-28 over HTTP whose envelope agrees with its version and method headers. */
export interface ModernHttpRequest {
  readonly id: string | number
  readonly method: string
  readonly params: JsonObject
}

export interface ModernHttpParts extends ModernParts {
  readonly pulse: Pulse
  /** The input schema of the tool that a name means, as it is listed; undefined for none. */
  readonly schemaOf: (principal: Principal, name: string, view: ClientView) => JsonObject | undefined
}

/** Streams that are open until the client or the gateway ends them. */
export interface OpenStreams {
  readonly isFull: () => boolean
  /** Counts a stream that `end` ends. Returns the way to forget it. */
  readonly add: (end: () => void) => () => void
  readonly close: () => void
}

/** The most of them at one endpoint. */
const MAX_STREAMS = 10_000

/** Begins with none. */
export function createOpenStreams(): OpenStreams {
  const ends = new Set<() => void>()
  return {
    isFull: () => ends.size >= MAX_STREAMS,
    add(end) {
      ends.add(end)
      return () => ends.delete(end)
    },
    close() {
      for (const end of ends) end()
    },
  }
}

/** Serves one request. Never rejects. */
export async function serveModernHttp(
  parts: ModernHttpParts,
  streams: OpenStreams,
  principal: Principal,
  wish: Mode | undefined,
  incoming: IncomingMessage,
  response: ServerResponse,
  { id, method, params }: ModernHttpRequest,
): Promise<void> {
  const reply = createHttpReply(
    response,
    id,
    (incoming.headers.accept ?? '').includes('text/event-stream'),
    parts.pulse,
  )
  const wrong = checkStandardHeaders(incoming.headers, method, params) ?? wrongParamHeader()
  if (wrong !== undefined) return reply.error(toRpcError(wrong, 'modern'))
  if (method === 'subscriptions/listen') return subscribe(parts, streams, principal, reply, id, params)
  // Source: MCP 2026-07-28, Streamable HTTP: a client that goes away has cancelled.
  const signal = goneSignal(response)
  try {
    reply.result(await answerModern(parts, { method, params, principal, wish, signal, notify: reply.notify }))
  } catch (thrown) {
    reply.error(toRpcError(thrown, 'modern'))
  }

  function wrongParamHeader(): Error | undefined {
    const { name } = params
    if (method !== 'tools/call' || typeof name !== 'string') return undefined
    const schema = parts.schemaOf(principal, name, passing(wish, readEnvelope(params).clientInfo))
    return schema === undefined ? undefined : checkParamHeaders(incoming.headers, schema, params['arguments'])
  }
}

async function subscribe(
  parts: ModernHttpParts,
  streams: OpenStreams,
  principal: Principal,
  reply: HttpReply,
  id: string | number,
  params: JsonObject,
): Promise<void> {
  if (!reply.takesStreams) {
    return reply.error({
      code: -32600,
      message: 'A subscription is an event stream: accept text/event-stream.',
    })
  }
  if (streams.isFull()) return reply.error({ code: -32603, message: 'Too many subscriptions are open.' })
  try {
    const listening = await listen(parts, principal, id, params, reply.notify)
    const forget = streams.add(() =>
      reply.result(toModernResult(listening.farewell, 'subscriptions/listen', parts.version)),
    )
    reply.onClose(() => {
      forget()
      listening.close()
    })
  } catch (thrown) {
    reply.error(toRpcError(thrown, 'modern'))
  }
}

/** Reads what the classifier of the SDK has found to be a request. */
export function toModernRequest(message: {
  readonly id: string | number
  readonly method: string
  readonly params?: unknown
}): ModernHttpRequest {
  const { id, method, params } = message
  return { id, method, params: isJsonObject(params) ? params : {} }
}
