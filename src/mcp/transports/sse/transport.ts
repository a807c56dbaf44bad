import type { JSONRPCMessage } from '@modelcontextprotocol/client'
import { Agent } from 'undici'
import { isJsonObject } from '../../../core/json.ts'
import type { HttpPlan } from '../../plan.ts'
import { createEventReader } from './events.ts'
import { identifyOversize } from '../../frames.ts'
import type { OversizeLine } from '../../frames.ts'
import { later } from '../later.ts'
import { CLOSED_BY_GATEWAY, TransportFault } from '../port.ts'
import type { RequestId, UpstreamTransport } from '../port.ts'
import { networkFault, postFault, streamFault } from './faults.ts'
import { discard, requestOnOrigin } from './request.ts'

const KEPT_CHARACTERS = 1_024
const ENDPOINT_CHARACTERS = 8_192
/** How long an open event stream may be without naming its endpoint, milliseconds. Some streams never do: they are not of this kind. */
const ENDPOINT_MS = 10_000

/**
 * A server behind the older HTTP+SSE: one event stream for everything that it says, one POST for each message to it.
 *
 * The SDK's own class is not used: it opens a stream that broke again by itself, as a session that nobody has shaken hands in,
 * so that calls under way wait for ever; and it shows the body of an error, which may repeat the credential.
 *
 * Source: MCP 2024-11-05, basic/transports, "HTTP with SSE".
 */
export class SseTransport implements UpstreamTransport {
  readonly shape = 'process'
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  onlife?: () => void
  onfault?: (fault: TransportFault, id?: RequestId) => void
  readonly #plan: HttpPlan
  readonly #redact: (text: string) => string
  readonly #url: URL
  readonly #headers: Readonly<Record<string, string>>
  readonly #agent: Agent
  readonly #ended = new AbortController()
  readonly #opened = Promise.withResolvers<void>()
  #endpoint: URL | undefined
  #alive = false
  #version: string | undefined
  #reason: string | undefined

  /** @param redact Takes credentials out of what is shown of the server's own words. */
  constructor(plan: HttpPlan, redact: (text: string) => string) {
    this.#plan = plan
    this.#redact = redact
    this.#url = new URL(plan.url)
    this.#headers = Object.fromEntries(
      Object.entries(plan.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    this.#agent = new Agent({ connect: { timeout: plan.timeouts.connectMs } })
    // One that is closed before it was started has nobody who waits.
    this.#opened.promise.catch(() => {})
  }

  get alive(): boolean {
    return this.#alive
  }

  closeReason(): string | undefined {
    return this.#reason
  }

  /** Opens the event stream and waits for the endpoint. Rejects with a TransportFault. */
  start(): Promise<void> {
    void this.#listen().then(
      () => this.#fail(new TransportFault('closed', 'the server ended the event stream', { lost: true })),
      (error: unknown) => this.#fail(this.toFault(error)),
    )
    return this.#opened.promise
  }

  /** Resolves when the server has taken the message, which is no answer yet. Rejects with a TransportFault. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#endpoint === undefined || this.#reason !== undefined)
      throw new TransportFault('unsent', this.#reason ?? 'the event stream is not open')
    const response = await requestOnOrigin(this.#agent, {
      method: 'POST',
      url: this.#endpoint,
      headers: {
        ...this.#headers,
        'content-type': 'application/json',
        ...(this.#version === undefined ? {} : { 'mcp-protocol-version': this.#version }),
      },
      body: JSON.stringify(message),
      signal: this.#ended.signal,
      // A server may take its time and answer on the stream first, but not hold a connection for ever.
      timeoutMs: this.#plan.timeouts.callMs,
    }).catch((error: unknown) => {
      throw this.toFault(error)
    })
    discard(response)
    if (response.statusCode < 200 || response.statusCode > 299) throw postFault(response)
  }

  setProtocolVersion(version: string): void {
    this.#version = version
  }

  /** Ends the event stream, and with it the session. */
  close(): Promise<void> {
    const fault = new TransportFault('closed', CLOSED_BY_GATEWAY, { lost: true })
    this.#opened.reject(fault)
    return this.#finish(CLOSED_BY_GATEWAY)
  }

  toFault(error: unknown): TransportFault {
    if (error instanceof TransportFault) return error
    if (this.#reason !== undefined)
      return new TransportFault('closed', this.#reason, { lost: true, cause: error })
    const network = networkFault(error)
    if (network !== undefined) return network
    const text = error instanceof Error ? error.message : String(error)
    return new TransportFault('invalid', this.#redact(text).slice(0, 500), { cause: error })
  }

  /** Reads the event stream to its end. */
  async #listen(): Promise<void> {
    const response = await requestOnOrigin(this.#agent, {
      method: 'GET',
      url: this.#url,
      headers: { ...this.#headers, accept: 'text/event-stream', 'cache-control': 'no-store' },
      signal: this.#ended.signal,
      // A quiet event stream is healthy, and connecting has a deadline of its own.
      timeoutMs: 0,
    })
    const refusal = streamFault(response)
    if (refusal !== undefined) {
      discard(response)
      throw refusal
    }
    this.#live()
    void later(Math.min(ENDPOINT_MS, this.#plan.timeouts.connectMs / 2)).then(() => this.#onNoEndpoint())
    const limit = this.#plan.limits.maxMessageBytes
    const read = createEventReader(limit, {
      event: (name, data) => this.#onEvent(name, data),
      oversize: (event) => this.#onOversize(event),
      endless: () =>
        this.#fail(
          new TransportFault('too_large', `an event has far more than ${limit} bytes`, { lost: true }),
        ),
    })
    for await (const chunk of response.body as AsyncIterable<Buffer>) read(chunk)
  }

  #onEvent(name: string, data: string): void {
    if (this.#reason !== undefined) return
    if (name === 'endpoint') return this.#onEndpoint(data)
    if (name !== 'message' || data === '') return
    try {
      const value: unknown = JSON.parse(data)
      // 2025-03-26 allowed batches.
      const messages: readonly unknown[] = Array.isArray(value) ? value : [value]
      if (!messages.every(isJsonObject)) throw new SyntaxError('not JSON-RPC')
      for (const message of messages) this.onmessage?.(message as unknown as JSONRPCMessage)
    } catch {
      // No JSON, or nested so deep that its reader ends the stack. Whose answer it was can often still be seen.
      const event = {
        head: data.slice(0, KEPT_CHARACTERS),
        tail: data.slice(-KEPT_CHARACTERS),
        bytes: data.length,
      }
      const whose = identifyOversize(event)
      if (typeof whose === 'object')
        this.onfault?.(new TransportFault('invalid', 'an event is not JSON-RPC'), whose.answer)
    }
  }

  /** Only the first is taken: a session does not move. */
  #onEndpoint(data: string): void {
    if (this.#endpoint !== undefined) return
    const endpoint = data.length > ENDPOINT_CHARACTERS ? null : URL.parse(data, this.#url.href)
    if (endpoint === null)
      return this.#fail(new TransportFault('invalid', 'the server names an endpoint that is no address'))
    // The attack: a server that has the credential in the headers sent to another host.
    if (endpoint.origin !== this.#url.origin) {
      const where = this.#redact(endpoint.origin).slice(0, 200)
      const reason = `the server names an endpoint on another origin (${where}), which is refused`
      return this.#fail(new TransportFault('invalid', reason))
    }
    this.#endpoint = endpoint
    this.#opened.resolve()
  }

  #onNoEndpoint(): void {
    if (this.#endpoint === undefined)
      this.#fail(new TransportFault('http', 'the event stream names no endpoint; it is not that of HTTP+SSE'))
  }

  #onOversize(event: OversizeLine): void {
    const whose = identifyOversize(event)
    if (whose === 'not-an-answer') return
    const { maxMessageBytes } = this.#plan.limits
    const fault = new TransportFault(
      'too_large',
      `the message has ${event.bytes} bytes, the limit is ${maxMessageBytes}`,
    )
    this.onfault?.(fault, whose === 'unknown' ? undefined : whose.answer)
  }

  #live(): void {
    this.#alive = true
    this.onlife?.()
  }

  /** The stream is of no further use: `start` rejects, or the connection is closed. */
  #fail(fault: TransportFault): void {
    this.#opened.reject(fault)
    if (this.#endpoint !== undefined) void this.#finish(fault.message)
    else this.#ended.abort()
  }

  /** Once, whichever way the connection ended. */
  async #finish(reason: string): Promise<void> {
    if (this.#reason === undefined) {
      this.#reason = reason
      this.onclose?.()
    }
    this.#ended.abort()
    await this.#agent.destroy().catch(() => {})
  }
}
