import type { JSONRPCMessage, Transport, TransportSendOptions } from '@modelcontextprotocol/client'
import type { Progress } from '../../core/call.ts'
import { isJsonObject } from '../../core/json.ts'
import type { JsonObject } from '../../core/json.ts'
import { EXCHANGE_HEADER, TransportFault, isUnparsable } from '../transports/port.ts'
import type { RequestId, UpstreamTransport } from '../transports/port.ts'
import { readAnswer, readProgress, withMeta } from './messages.ts'
import type { Outcome } from './messages.ts'
import { createProbeWatch } from './probe.ts'
import type { Patience, ProbeWatch } from './probe.ts'

/** What a request may carry. */
export interface ExchangeOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: Progress) => void
  /** HTTP headers of this request; ignored by a transport that has none. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * Requests to one upstream, answered with exactly what came over the wire.
 *
 * The SDK's client shakes hands; lists and calls go past it, for two reasons. On 2026-07-28 the SDK checks each result against its own schemas even where the caller brings a loose
 * one, so one malformed tool would cost the whole list and an unknown content type the whole result; and
 * it matches answers with `Number(id)`, so that an answer with the id `null` or `""` settles request 0.
 * Both share one transport: the SDK's ids are small numbers and words, the ids here are large numbers.
 */
export interface Exchange {
  /** What the SDK's client connects to. */
  readonly port: Transport
  readonly probe: ProbeWatch
  /**
   * Sends a request and resolves with the `result` member, unchecked but for being an object.
   * Rejects with a TransportFault.
   */
  readonly request: (method: string, params: JsonObject, options?: ExchangeOptions) => Promise<JsonObject>
  /** The `_meta` that each message carries in the era without a handshake; undefined in the other. */
  readonly setEnvelope: (envelope: JsonObject | undefined) => void
  /** Called with each notification that belongs to no request. */
  readonly onNotification: (listener: (method: string, params: JsonObject) => void) => void
  /** How many messages have come so far: two equal numbers say that nothing came between them. */
  readonly heard: () => number
  /** Resolves with the reason when the connection has ended. */
  readonly closed: Promise<string>
  readonly close: () => Promise<void>
}

interface Pending {
  readonly settle: (outcome: Outcome) => void
  readonly onProgress: ((progress: Progress) => void) | undefined
}

const FIRST_ID = 1_000_000
/** Notifications by which the SDK keeps a subscription. */
const FOR_THE_SDK = /^notifications\/(subscriptions\/|cancelled$)/

/** Wraps a transport. It is started by the SDK's client, through `port`. */
export function createExchange(transport: UpstreamTransport, options: { patience: Patience }): Exchange {
  const pending = new Map<RequestId, Pending>()
  let nextId = FIRST_ID
  let envelope: JsonObject | undefined
  let garbled = false
  let heard = 0
  let notify: (method: string, params: JsonObject) => void = () => {}
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
  transport.onmessage = (message: JSONRPCMessage) => {
    heard += 1
    if (!('method' in message)) {
      const asked = find(message.id)
      if (asked !== undefined) return asked.settle(readAnswer(message))
      if (probe.received(message)) port.onmessage?.(message)
      return
    }
    if (typeof message.method !== 'string') return
    if ('id' in message) return port.onmessage?.(message)
    const params = isJsonObject(message.params) ? message.params : {}
    if (message.method === 'notifications/progress') return onProgress(params)
    if (FOR_THE_SDK.test(message.method)) return port.onmessage?.(message)
    notify(message.method, params)
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

  function request(method: string, params: JsonObject, given: ExchangeOptions = {}): Promise<JsonObject> {
    const { signal, onProgress: listener, headers } = given
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(new TransportFault('cancelled', 'the caller cancelled'))
      const id = nextId++
      const stream = new AbortController()
      const onAbort = (): void => {
        const byStream = transport.shape === 'http' && envelope !== undefined
        // On 2026-07-28 over HTTP the end of the stream is the cancellation; elsewhere it is a message.
        if (!byStream) {
          const cancelled = { requestId: id, reason: 'The caller cancelled the call.' }
          const note = {
            jsonrpc: '2.0',
            method: 'notifications/cancelled',
            params: withMeta(cancelled, envelope),
          }
          transport.send(note as unknown as JSONRPCMessage).catch(() => {})
        }
        entry.settle({ fault: new TransportFault('cancelled', 'the caller cancelled') })
      }
      const entry: Pending = {
        onProgress: listener,
        settle(outcome) {
          if (!pending.delete(id)) return
          signal?.removeEventListener('abort', onAbort)
          if ('result' in outcome) return resolve(outcome.result)
          stream.abort()
          reject(outcome.fault)
        },
      }
      pending.set(id, entry)
      signal?.addEventListener('abort', onAbort, { once: true })
      const token = listener === undefined ? undefined : id
      const message = { jsonrpc: '2.0', id, method, params: withMeta(params, envelope, token) }
      transport
        .send(message as unknown as JSONRPCMessage, streamOptions(id, entry, stream.signal, headers))
        .catch((error: unknown) => entry.settle({ fault: transport.toFault(error) }))
    })
  }

  function streamOptions(
    id: number,
    entry: Pending,
    requestSignal: AbortSignal,
    headers: Readonly<Record<string, string>> = {},
  ): TransportSendOptions {
    if (transport.shape === 'process') return {}
    return {
      requestSignal,
      headers: { ...headers, [EXCHANGE_HEADER]: String(id) },
      onRequestStreamEnd: () => {
        // The usual case: the answer has come.
        if (!pending.has(id)) return
        const fault = garbled
          ? new TransportFault('invalid', 'the event stream ended and held no usable answer')
          : new TransportFault('closed', 'the event stream ended before the answer came')
        garbled = false
        entry.settle({ fault })
      },
    }
  }

  return {
    port,
    probe,
    request,
    setEnvelope: (value) => (envelope = value),
    onNotification: (listener) => (notify = listener),
    heard: () => heard,
    closed,
    close: () => transport.close(),
  }
}
