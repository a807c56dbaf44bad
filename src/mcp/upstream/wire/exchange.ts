import { LOG_LEVEL_META_KEY } from '@modelcontextprotocol/client'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import type { Progress } from '../../../core/call.ts'
import type { RpcError } from '../../../core/errors.ts'
import { isJsonObject } from '../../../core/json.ts'
import type { JsonObject } from '../../../core/json.ts'
import { TransportFault, isUnparsable } from '../../transports/port.ts'
import type { RequestId, UpstreamTransport } from '../../transports/port.ts'
import { readAnswer, readProgress, withMeta } from './messages.ts'
import type { Outcome } from './messages.ts'
import { createProbeWatch } from './probe.ts'
import type { Patience, ProbeWatch } from './probe.ts'

/** What a request may carry. */
export interface ExchangeOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** Called with each notification that came on the stream of this request. */
  readonly onNotification?: NotificationListener
  /** Called with each request of the server that came on the stream of this request. */
  readonly onRequest?: RequestListener
  /** HTTP headers of this request; ignored by a transport that has none. */
  readonly headers?: Readonly<Record<string, string>>
  /** Put over the envelope of the connection, in the era that has one. */
  readonly envelope?: JsonObject
}

export type NotificationListener = (method: string, params: JsonObject) => void

/** Answers a request of the server, where it is one that it answers. It rejects with what has a `code` of JSON-RPC. */
export type RequestListener = (method: string, params: JsonObject) => Promise<JsonObject> | undefined

/**
 * Requests to one upstream, answered with exactly what came over the wire.
 *
 * The SDK's client shakes hands; lists and calls go past it, for two reasons. On 2026-07-28 the SDK checks each result against its own schemas even where the caller brings a loose
 * one, so one malformed tool would cost the whole list and an unknown content type the whole result; and
 * it matches answers with `Number(id)`, so that an answer with the id `null` or `""` settles request 0.
 * Both share one transport: the SDK's ids are small numbers and words, the ids here are large numbers.
 */
export interface Exchange {
  readonly shape: UpstreamTransport['shape']
  /** What the SDK's client connects to. */
  readonly port: Transport
  readonly probe: ProbeWatch
  /**
   * Sends a request and resolves with the `result` member, unchecked but for being an object.
   * Rejects with a TransportFault.
   */
  readonly request: (method: string, params: JsonObject, options?: ExchangeOptions) => Promise<JsonObject>
  /** Sends a notification. Rejects with a TransportFault. */
  readonly notify: (method: string, params: JsonObject) => Promise<void>
  /** The `_meta` that each message carries in the era without a handshake; undefined in the other. */
  readonly setEnvelope: (envelope: JsonObject | undefined) => void
  /** Called with each notification that belongs to no request. */
  readonly onNotification: (listener: NotificationListener) => void
  /** Called with each request of the server, from now on. */
  readonly onRequest: (listener: RequestListener) => void
  /** The answer to the handshake as it came: `initialize` or `server/discover`. Empty before it. */
  readonly greeting: () => JsonObject
  /** How many messages have come so far: two equal numbers say that nothing came between them. */
  readonly heard: () => number
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<string>
  readonly close: () => Promise<void>
}

interface Pending {
  readonly settle: (outcome: Outcome) => void
  readonly onProgress: ((progress: Progress) => void) | undefined
  readonly onNotification: NotificationListener | undefined
  readonly onRequest: RequestListener | undefined
  /** True where the request asked for log messages. */
  readonly wantsLog: boolean
}

const FIRST_ID = 1_000_000
/** Notifications by which the SDK keeps a subscription. */
const FOR_THE_SDK = /^notifications\/(subscriptions\/|cancelled$)/

/** Wraps a transport. It is started by the SDK's client, through `port`. */
export function createExchange(transport: UpstreamTransport, options: { patience: Patience }): Exchange {
  const pending = new Map<RequestId, Pending>()
  const listeners = new Set<NotificationListener>()
  let nextId = FIRST_ID
  let envelope: JsonObject | undefined
  let garbled = false
  let heard = 0
  let greeting: JsonObject = {}
  let answerRequest: RequestListener = () => undefined
  let endClosed: (reason: string) => void = () => {}
  const closed = new Promise<string>((resolve) => (endClosed = resolve))

  const port: Transport = {
    start: () => transport.start(),
    send(message, sendOptions) {
      probe.sent(message)
      return transport.send(message, sendOptions)
    },
    close: () => transport.close(),
    setProtocolVersion: (version) => transport.setProtocolVersion?.(version),
    get sessionId() {
      return transport.sessionId
    },
    // By these two the SDK tells a pipe from HTTP.
    ...(transport.shape === 'process' ? { pid: null, stderr: null } : { hasPerRequestStream: true }),
  }
  const probe = createProbeWatch(transport, options.patience, (answer) => port.onmessage?.(answer))

  transport.onlife = probe.onLife
  transport.onclose = () => {
    const reason = transport.closeReason() ?? 'the connection ended'
    probe.stop()
    settleAll(new TransportFault('closed', reason, { lost: true }))
    endClosed(reason)
    port.onclose?.()
  }
  transport.onerror = (error) => {
    // What the SDK could not parse inside an event stream; the stream then ends without an answer.
    if (isUnparsable(error)) garbled = true
    port.onerror?.(error)
  }
  transport.onfault = (fault, id) => {
    if (id === undefined) settleAll(fault)
    else pending.get(id)?.settle({ fault })
  }
  transport.onmessage = (message: JSONRPCMessage) => receive(message, undefined)
  transport.onrelated = receive

  function receive(message: JSONRPCMessage, related: RequestId | undefined): void {
    heard += 1
    if (!('method' in message)) {
      const asked = find(message.id)
      if (asked !== undefined) return asked.settle(readAnswer(message))
      if ('result' in message && isJsonObject(message.result['capabilities'])) {
        greeting = message.result as JsonObject
      }
      if (probe.received(message)) port.onmessage?.(message)
      return
    }
    if (typeof message.method !== 'string') return
    const params = isJsonObject(message.params) ? message.params : {}
    const own = related === undefined ? soleListener(message.method) : pending.get(related)
    if ('id' in message) return onRequest(message, params, own?.onRequest ?? answerRequest)
    if (message.method === 'notifications/progress') return onProgress(params)
    if (FOR_THE_SDK.test(message.method)) return port.onmessage?.(message)
    if (own?.onNotification !== undefined) return own.onNotification(message.method, params)
    for (const listener of listeners) listener(message.method, params)
  }

  function onRequest(
    message: Extract<JSONRPCMessage, { id: RequestId; method: string }>,
    params: JsonObject,
    listener: RequestListener,
  ): void {
    const { id, method } = message
    const answer = listener(method, params)
    if (answer === undefined) return port.onmessage?.(message)
    answer
      .then(
        (result) => ({ jsonrpc: '2.0', id, result }),
        (error: unknown) => ({ jsonrpc: '2.0', id, error: toRpcError(error) }),
      )
      .then((reply) => transport.send(reply as unknown as JSONRPCMessage))
      // A server that has gone does not wait for the answer any more.
      .catch(() => {})
  }

  /**
   * On a pipe nothing says to which request a log message belongs. Source: MCP 2026-07-28, logging: none is sent unless a request
   * asked for them, so where one did, it is that one's.
   */
  function soleListener(method: string): Pending | undefined {
    if (method !== 'notifications/message' || envelope === undefined) return undefined
    const wanting = [...pending.values()].filter(({ wantsLog }) => wantsLog)
    return wanting.length === 1 ? wanting[0] : undefined
  }

  function settleAll(fault: TransportFault): void {
    for (const { settle } of pending.values()) settle({ fault })
  }

  /** Some servers turn a numeric id into a string; nothing else is taken for an answer. */
  function find(id: unknown): Pending | undefined {
    if (typeof id === 'number') return pending.get(id)
    return typeof id === 'string' && /^\d{7,15}$/.test(id) ? pending.get(Number(id)) : undefined
  }

  function onProgress(params: JsonObject): void {
    const listener = find(params['progressToken'])?.onProgress
    const progress = listener === undefined ? undefined : readProgress(params)
    if (progress !== undefined) listener?.(progress)
  }

  function notify(method: string, params: JsonObject): Promise<void> {
    const message = { jsonrpc: '2.0', method, params: withMeta(params, envelope) }
    return transport.send(message as unknown as JSONRPCMessage).catch((error: unknown) => {
      throw transport.toFault(error)
    })
  }

  function request(method: string, params: JsonObject, given: ExchangeOptions = {}): Promise<JsonObject> {
    const { signal, onProgress: listener, onNotification, onRequest: onAsked } = given
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(new TransportFault('cancelled', 'the caller cancelled'))
      const id = nextId++
      const onAbort = (): void => {
        const byStream = transport.shape === 'http' && envelope !== undefined
        // On 2026-07-28 over HTTP the end of the stream is the cancellation; elsewhere it is a message.
        if (!byStream) {
          const cancelled = { requestId: id, reason: 'The caller cancelled the call.' }
          notify('notifications/cancelled', cancelled).catch(() => {})
        }
        entry.settle({ fault: new TransportFault('cancelled', 'the caller cancelled') })
      }
      const entry: Pending = {
        onProgress: listener,
        onNotification,
        onRequest: onAsked,
        wantsLog: given.envelope?.[LOG_LEVEL_META_KEY] !== undefined,
        settle(outcome) {
          if (!pending.delete(id)) return
          signal?.removeEventListener('abort', onAbort)
          if ('result' in outcome) return resolve(outcome.result)
          reject(outcome.fault)
        },
      }
      pending.set(id, entry)
      signal?.addEventListener('abort', onAbort, { once: true })
      const token = listener === undefined ? undefined : id
      const own =
        envelope === undefined || given.envelope === undefined ? envelope : { ...envelope, ...given.envelope }
      send(id, method, withMeta(params, own, token), given).then(
        // The usual case: the answer has come.
        () =>
          pending.has(id) && transport.sendRequest !== undefined && entry.settle({ fault: streamEnded() }),
        (error: unknown) => entry.settle({ fault: transport.toFault(error) }),
      )
    })
  }

  function send(id: number, method: string, params: JsonObject, given: ExchangeOptions): Promise<void> {
    const { headers, signal } = given
    if (transport.sendRequest !== undefined)
      return transport.sendRequest({ id, method, params, headers, signal })
    return transport.send({ jsonrpc: '2.0', id, method, params } as unknown as JSONRPCMessage, {})
  }

  function streamEnded(): TransportFault {
    const fault = garbled
      ? new TransportFault('invalid', 'the event stream ended and held no usable answer')
      : new TransportFault('closed', 'the event stream ended before the answer came')
    garbled = false
    return fault
  }

  return {
    shape: transport.shape,
    port,
    probe,
    request,
    notify,
    setEnvelope: (value) => (envelope = value),
    onNotification: (listener) => void listeners.add(listener),
    onRequest: (listener) => (answerRequest = listener),
    greeting: () => greeting,
    heard: () => heard,
    closed,
    close: () => transport.close(),
  }
}

/** What a server is told where its request could not be answered. */
function toRpcError(error: unknown): RpcError {
  const { code, message, data } = error as Partial<RpcError>
  if (typeof code !== 'number') return { code: -32603, message: 'The client could not be asked.' }
  return { code, message: String(message), ...(data === undefined ? {} : { data }) }
}
