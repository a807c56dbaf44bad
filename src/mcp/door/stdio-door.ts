import { classifyInboundRequest, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/server'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'

import { Transform, type Readable } from 'node:stream'

import { isDeeperThan, isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { createLineFramer } from '../frames.ts'
import type { Principal } from '../../core/principal.ts'
import type { AnswerParts } from './answer.ts'
import { newcomer } from './client-view.ts'
import { serveLegacy } from './legacy/connection.ts'
import { listen } from './modern/listen.ts'
import { answerModern, type ModernParts } from './modern/request.ts'
import { MODERN_VERSION, toModernResult, unsupportedVersion } from './modern/wire.ts'
import { MAX_LEVELS } from './post/read-json.ts'
import { createParked } from './modern/parked.ts'
import { protocolError, toRpcError } from './protocol-error.ts'

/** The longest line; the reader of the SDK closes the door at its own bound. */
const MAX_LINE_BYTES = 16 * 1_048_576

/** Leaves out lines that are too long. */
function boundLines(input: Readable, onError: (error: Error) => void): Readable {
  const lines = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      take(chunk)
      done()
    },
  })
  const take = createLineFramer(MAX_LINE_BYTES, {
    line: (bytes) => void lines.push(Buffer.concat([bytes, Buffer.from('\n')])),
    oversize: ({ bytes }) => onError(new Error(`A line of ${bytes} bytes was left out.`)),
  })
  return input.pipe(lines)
}

/** The most subscriptions of one client. */
const MAX_SUBSCRIPTIONS = 64

/**
 * Serves a handler as MCP over this process's standard input and output, to the one who started it. Both eras go over the one
 * pipe: a message that names a revision without a handshake is of the newer one.
 */
export function serveStdioDoor(
  given: Omit<AnswerParts, 'door'> & { readonly onError: (error: Error) => void },
  principal: Principal,
): { readonly close: () => Promise<void> } {
  const { onError } = given
  const parked = createParked()
  const parts: ModernParts = { ...given, door: 'stdio', parked }
  const wire = new StdioServerTransport(boundLines(process.stdin, onError), process.stdout, {
    maxBufferSize: 2 * MAX_LINE_BYTES,
  })
  const running = new Map<unknown, AbortController>()
  const legacyWire: Transport = {
    start: () => Promise.resolve(),
    send: (message) => wire.send(message),
    close: () => wire.close(),
  }
  const legacy = serveLegacy(parts, legacyWire, principal, 'stdio', newcomer(undefined))
  const send = (message: object): void =>
    void wire.send({ jsonrpc: '2.0', ...message } as unknown as JSONRPCMessage).catch(onError)

  wire.onerror = onError
  wire.onmessage = (message) => {
    const outcome = classifyInboundRequest({ httpMethod: 'POST', body: message })
    const id = 'id' in message ? message.id : undefined
    if (isDeeperThan(message as unknown as Json, MAX_LEVELS)) {
      const text = `The message is nested more than ${MAX_LEVELS} levels deep.`
      if (id !== undefined && 'method' in message) send({ id, error: { code: -32600, message: text } })
      return
    }
    if (outcome.kind === 'legacy') return onLegacy(message)
    if (outcome.kind === 'reject') {
      const { code, message: text, data } = outcome
      if (id !== undefined)
        send({ id, error: { code, message: text, ...(data === undefined ? {} : { data }) } })
      return
    }
    const body = outcome.message
    const params = isJsonObject(body.params) ? body.params : {}
    if (id === undefined) return cancel(params['requestId'])
    const { revision } = outcome.classification
    if (revision === MODERN_VERSION) return void answer(id, body.method, params)
    send({ id, error: toRpcError(unsupportedVersion(revision), 'modern') })
  }
  wire.onclose = () => {
    legacy.close()
    parked.close()
    for (const controller of running.values()) controller.abort()
  }

  function onLegacy(message: JSONRPCMessage): void {
    if ('method' in message && message.method === 'notifications/cancelled' && !('id' in message)) {
      cancel(message.params?.['requestId'])
    }
    legacyWire.onmessage?.(message)
  }

  function cancel(requestId: unknown): void {
    running.get(requestId)?.abort()
  }

  async function answer(id: string | number, method: string, params: JsonObject): Promise<void> {
    const controller = new AbortController()
    const { signal } = controller
    running.set(id, controller)
    const notify = (told: string, about: JsonObject): void => send({ method: told, params: about })
    try {
      const request = { method, params, principal, wish: undefined, signal, notify }
      const result =
        method === 'subscriptions/listen'
          ? await stayListening(id, params, signal)
          : await answerModern(parts, request)
      if (!signal.aborted) send({ id, result })
    } catch (thrown) {
      if (!signal.aborted) send({ id, error: toRpcError(thrown, 'modern') })
    } finally {
      if (running.get(id) === controller) running.delete(id)
    }
  }

  /** Resolves when the client has cancelled, or when the gateway ends it. */
  async function stayListening(
    id: string | number,
    params: JsonObject,
    signal: AbortSignal,
  ): Promise<object> {
    if (running.size > MAX_SUBSCRIPTIONS) throw protocolError(-32603, 'Too many subscriptions are open.')
    const listening = await listen(parts, principal, id, params, (method, about) =>
      send({ method, params: about }),
    )
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    listening.close()
    return toModernResult(listening.farewell, 'subscriptions/listen', parts.version)
  }

  wire.start().catch(onError)
  return { close: () => wire.close() }
}
