import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { JSONRPCMessage, TransportSendOptions } from '@modelcontextprotocol/client'
import { Agent, Pool, fetch as undiciFetch } from 'undici'
import { isJsonObject } from '../../../core/json.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { HttpPlan } from '../../plan.ts'
import { createBoundedFetch } from './bounded-fetch.ts'
import type { Fetch } from './bounded-fetch.ts'
import { encodeHeaderValue } from '../../header-value.ts'
import { nameOf } from '../../named-by.ts'
import { keepResultBytes } from '../../raw-result.ts'
import { exchangeHttp } from './exchange.ts'
import type { HttpAnswer } from './exchange.ts'
import { statusFault, toHttpFault } from './faults.ts'
import type { HttpFaultContext } from './faults.ts'
import { later } from '../later.ts'
import { CLOSED_BY_GATEWAY, EXCHANGE_HEADER, TransportFault } from '../port.ts'
import type { OwnRequest, RequestId, UpstreamTransport } from '../port.ts'

/** How long the end of a session may take on close, milliseconds. */
const GOODBYE_MS = 2_000
/** How a broken event stream is opened again. Few tries: a call that waits for it has a deadline. */
const RESUME = {
  initialReconnectionDelay: 1_000,
  maxReconnectionDelay: 30_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 5,
}

/** The shortest wait before a stream is taken up again, milliseconds, whatever the server asks for. */
const RESUME_MIN_MS = 100

/**
 * A server behind Streamable HTTP, with bounds and with reasons for a person. The SDK's transport shakes hands, listens and
 * says goodbye; requests of the gateway are exchanged without it, so that what comes on the stream of a request is known to
 * belong to it.
 */
export class HttpTransport implements UpstreamTransport {
  readonly shape = 'http'
  readonly hasPerRequestStream = true
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  onrelated?: (message: JSONRPCMessage, id: RequestId) => void
  onlife?: () => void
  onfault?: (fault: TransportFault, id?: RequestId) => void
  readonly #inner: StreamableHTTPClientTransport
  /** For what the SDK sends. */
  readonly #agent: Agent
  /** For what the gateway sends: always to the one origin. */
  readonly #pool: Pool
  readonly #redact: (text: string) => string
  readonly #path: string
  readonly #headers: Readonly<Record<string, string>>
  readonly #maxBytes: number
  #retryAfter: string | undefined
  #reason: string | undefined
  #closing: Promise<void> | undefined
  #version: string | undefined
  #own:
    | { session: string | undefined; version: string | undefined; headers: Record<string, string> }
    | undefined

  /** @param redact Takes credentials out of what is shown of the server's own words. */
  constructor(plan: HttpPlan, redact: (text: string) => string) {
    this.#redact = redact
    const { origin, pathname, search } = new URL(plan.url)
    this.#path = pathname + search
    this.#headers = Object.fromEntries(
      Object.entries(plan.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    this.#maxBytes = plan.limits.maxMessageBytes
    // No timeouts of the client: a quiet event stream is healthy, and calls have their own deadline.
    const options = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: plan.timeouts.connectMs } }
    this.#agent = new Agent(options)
    this.#pool = new Pool(origin, options)
    const base = createBoundedFetch(this.#fetch, plan.limits.maxMessageBytes, (fault, id) => {
      if (id !== undefined) this.onfault?.(fault, id)
    })
    this.#inner = new StreamableHTTPClientTransport(new URL(plan.url), {
      fetch: base,
      requestInit: { headers: { ...plan.headers } },
      // A credential in the headers must not follow a redirect to another origin.
      redirectPolicy: 'same-origin',
      reconnectionOptions: RESUME,
    })
    this.#inner.onmessage = (message) => this.onmessage?.(message)
    this.#inner.onerror = (error) => this.onerror?.(error)
    this.#inner.onclose = () => this.#finish(CLOSED_BY_GATEWAY)
  }

  get alive(): boolean {
    return true
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId
  }

  closeReason(): string | undefined {
    return this.#reason
  }

  start(): Promise<void> {
    return this.#inner.start()
  }

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    // The SDK's own class declares its options without `undefined`, its interface with it.
    return this.#inner.send(message, options as SendOptions)
  }

  setProtocolVersion(version: string): void {
    this.#version = version
    this.#inner.setProtocolVersion(version)
  }

  /** Ends the session, where there is one, and all streams. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  toFault(error: unknown): TransportFault {
    return toHttpFault(error, this.#faultContext())
  }

  readonly #fetch: Fetch = async (url, init) => {
    const request = { ...init, dispatcher: this.#agent } as Parameters<typeof undiciFetch>[1]
    const response = await undiciFetch(url, request)
    if (response.status === 429 || response.status === 503) {
      this.#retryAfter = response.headers.get('retry-after') ?? undefined
    }
    return response
  }

  async sendRequest(request: OwnRequest): Promise<void> {
    const { id, method, params, signal } = request
    const message = { jsonrpc: '2.0' as const, id, method, params }
    const answered = { count: 0 }
    const onMessage = (text: string, bytes?: Buffer): void => {
      for (const received of parseMessages(text)) {
        if (bytes !== undefined) keepResultBytes(received, bytes)
        if (!('method' in received)) answered.count += 1
        this.onrelated?.(received as unknown as JSONRPCMessage, id)
      }
    }
    let answer = await exchangeHttp(this.#pool, {
      path: this.#path,
      maxBytes: this.#maxBytes,
      headers: this.#headersOf(request),
      body: JSON.stringify(message),
      signal,
      onMessage,
    })
    if (answer.status >= 300 && answer.status < 400) {
      // Nothing was done there yet. The SDK knows which redirects may be followed.
      return this.#followRedirect(message, id, signal)
    }
    if (answer.error !== undefined) {
      this.#retryAfter = answer.retryAfter
      throw statusFault(answer.status, answer.error, this.#faultContext())
    }
    for (let attempt = 0; attempt < RESUME.maxRetries; attempt++) {
      if (answered.count > 0 || answer.lastEventId === undefined) break
      const next = await this.#resume(answer, attempt, signal, onMessage)
      if (next.error !== undefined) break
      // A stream that came to something begins the row of attempts anew.
      if (next.lastEventId !== answer.lastEventId) attempt = -1
      answer = next
    }
    if (answered.count === 0 && answer.broken !== undefined) throw this.toFault(answer.broken)
  }

  #followRedirect(message: object, id: number, requestSignal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const options = {
        headers: { [EXCHANGE_HEADER]: String(id) },
        requestSignal,
        onRequestStreamEnd: resolve,
      }
      // A JSON body is delivered as a message, and an event stream says when it has ended.
      this.#inner.send(message as JSONRPCMessage, options as SendOptions).catch(reject)
    })
  }

  /** Takes up a stream that ended too early, behind its last event. Source: MCP 2025-11-25, "Resumability and Redelivery". */
  async #resume(
    ended: HttpAnswer,
    attempt: number,
    signal: AbortSignal | undefined,
    onMessage: (text: string, bytes?: Buffer) => void,
  ): Promise<HttpAnswer> {
    const { initialReconnectionDelay, reconnectionDelayGrowFactor, maxReconnectionDelay } = RESUME
    const grownMs = initialReconnectionDelay * reconnectionDelayGrowFactor ** attempt
    const askedMs = Math.max(RESUME_MIN_MS, ended.retryMs ?? grownMs)
    await later(Math.min(askedMs, maxReconnectionDelay), signal)
    const { lastEventId = '' } = ended
    const again = await exchangeHttp(this.#pool, {
      path: this.#path,
      maxBytes: this.#maxBytes,
      headers: { ...this.#requestHeaders(), accept: 'text/event-stream', 'last-event-id': lastEventId },
      signal,
      onMessage,
    }).catch((broken: unknown) => ({ status: 0, isStream: false, broken: this.toFault(broken) }))
    return { lastEventId, ...(ended.retryMs === undefined ? {} : { retryMs: ended.retryMs }), ...again }
  }

  /** What every request of the gateway carries. Made once for a session: it is a good part of what a call costs. */
  #requestHeaders(): Readonly<Record<string, string>> {
    const { sessionId } = this
    const known = this.#own
    if (known !== undefined && known.session === sessionId && known.version === this.#version)
      return known.headers
    const headers = {
      ...this.#headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(this.#version === undefined ? {} : { 'mcp-protocol-version': this.#version }),
      ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
    }
    this.#own = { session: sessionId, version: this.#version, headers }
    return headers
  }

  #headersOf({ method, params, headers }: OwnRequest): Readonly<Record<string, string>> {
    const common = this.#requestHeaders()
    // Versions are dates. Source: MCP 2026-07-28, Streamable HTTP, "Standard Request Headers".
    if (this.#version === undefined || this.#version < '2026-07-28') return { ...common, ...headers }
    const name = nameOf(method, params)
    const named = name === undefined ? undefined : { 'mcp-name': encodeHeaderValue(name) }
    return { ...common, ...headers, 'mcp-method': method, ...named }
  }

  #faultContext(): HttpFaultContext {
    return { session: this.sessionId !== undefined, retryAfter: this.#retryAfter, redact: this.#redact }
  }

  async #close(): Promise<void> {
    const goodbye = this.#inner.terminateSession().catch(() => {})
    await Promise.race([goodbye, later(GOODBYE_MS)])
    await this.#inner.close().catch(() => {})
    await Promise.allSettled([this.#agent.destroy(), this.#pool.destroy()])
    this.#finish(CLOSED_BY_GATEWAY)
  }

  #finish(reason: string): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.onclose?.()
  }
}

/** What the SDK's own class takes. */
type SendOptions = Parameters<StreamableHTTPClientTransport['send']>[1]

/** Several where the server answers with a batch, as 2025-03-26 allowed. */
function parseMessages(text: string): readonly JsonObject[] {
  const value: unknown = JSON.parse(text)
  const messages: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (messages.every(isJsonObject)) return messages
  throw new TransportFault('invalid', 'the body of the HTTP answer is not JSON-RPC')
}
