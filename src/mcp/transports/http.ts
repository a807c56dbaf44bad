import {
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import type { JSONRPCMessage, TransportSendOptions } from '@modelcontextprotocol/client'
import { Agent, fetch as undiciFetch } from 'undici'
import { isJsonObject } from '../../core/json.ts'
import type { HttpPlan } from '../upstream/plan.ts'
import { createBoundedFetch } from './bounded-fetch.ts'
import type { Fetch } from './bounded-fetch.ts'
import { encodeHeaderValue } from './header-value.ts'
import { postHot } from './hot-post.ts'
import { describeStatus, networkReason } from './http-reason.ts'
import { later } from './later.ts'
import { CLOSED_BY_GATEWAY, EXCHANGE_HEADER, TransportFault, isUnparsable } from './port.ts'
import type { RequestId, RpcError, UpstreamTransport } from './port.ts'

/** How long the end of a session may take on close, milliseconds. */
const GOODBYE_MS = 2_000
/** How a broken event stream is opened again. Few tries: a call that waits for it has a deadline. */
const RESUME = {
  initialReconnectionDelay: 1_000,
  maxReconnectionDelay: 30_000,
  reconnectionDelayGrowFactor: 2,
  maxRetries: 5,
}

/** A server behind Streamable HTTP, through the SDK's transport, with bounds and with reasons for a person. */
export class HttpTransport implements UpstreamTransport {
  readonly shape = 'http'
  readonly hasPerRequestStream = true
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  onlife?: () => void
  onfault?: (fault: TransportFault, id?: RequestId) => void
  readonly #inner: StreamableHTTPClientTransport
  readonly #agent: Agent
  readonly #redact: (text: string) => string
  readonly #url: URL
  readonly #headers: Readonly<Record<string, string>>
  readonly #maxBytes: number
  #retryAfter: string | undefined
  #reason: string | undefined
  #closing: Promise<void> | undefined
  #version: string | undefined
  /** Whether the server answers posts with a JSON body; unknown until the first answer. */
  #answersJson = false

  /** @param redact Takes credentials out of what is shown of the server's own words. */
  constructor(plan: HttpPlan, redact: (text: string) => string) {
    this.#redact = redact
    this.#url = new URL(plan.url)
    this.#headers = Object.fromEntries(
      Object.entries(plan.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    this.#maxBytes = plan.limits.maxMessageBytes
    // No timeouts of the client: a quiet event stream is healthy, and calls have their own deadline.
    this.#agent = new Agent({
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: plan.timeouts.connectMs },
    })
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
    if (this.#answersJson && options?.requestSignal !== undefined && isCall(message)) {
      return this.#sendHot(message, options, options.requestSignal)
    }
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
    if (error instanceof TransportFault) return error
    if (error instanceof SdkHttpError) return this.#statusFault(error.status, error.data.text, error)
    const cause = causeFault(error)
    if (cause !== undefined) return cause
    const isUnusable = error instanceof SdkError && error.code === SdkErrorCode.ClientHttpUnexpectedContent
    if (isUnusable || isUnparsable(error)) {
      return new TransportFault('invalid', 'the body of the HTTP answer is not JSON-RPC', { cause: error })
    }
    const network = networkReason(error)
    if (network !== undefined) {
      const kind = network.untouched ? 'unsent' : 'closed'
      return new TransportFault(kind, network.reason, { lost: true, cause: error })
    }
    const text = error instanceof Error ? error.message : String(error)
    return new TransportFault('invalid', this.#redact(text.slice(0, 500)), { cause: error })
  }

  readonly #fetch: Fetch = async (url, init) => {
    const request = { ...init, dispatcher: this.#agent } as Parameters<typeof undiciFetch>[1]
    const response = await undiciFetch(url, request)
    if (init?.method === 'POST' && response.status === 200) {
      this.#answersJson = (response.headers.get('content-type') ?? '').startsWith('application/json')
    }
    if (response.status === 429 || response.status === 503) {
      this.#retryAfter = response.headers.get('retry-after') ?? undefined
    }
    return response
  }

  /** A call to a server that answers with JSON: posted without the SDK, which knows everything and costs for it. */
  async #sendHot(message: CallMessage, options: TransportSendOptions, signal: AbortSignal): Promise<void> {
    const { [EXCHANGE_HEADER]: _exchange, ...extra } = options.headers ?? {}
    const { origin, pathname, search } = this.#url
    const { sessionId } = this
    // Versions are dates. Source: MCP 2026-07-28, Streamable HTTP, "Standard Request Headers".
    const isModern = this.#version !== undefined && this.#version >= '2026-07-28'
    const answer = await postHot(this.#agent, {
      origin,
      path: pathname + search,
      headers: {
        ...this.#headers,
        ...extra,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(this.#version === undefined ? {} : { 'mcp-protocol-version': this.#version }),
        ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
        ...(isModern
          ? { 'mcp-method': message.method, 'mcp-name': encodeHeaderValue(message.params.name) }
          : {}),
      },
      body: JSON.stringify(message),
      signal,
      maxBytes: this.#maxBytes,
      onMessage: (text) => this.#receive(text),
    })
    if (answer.status >= 300 && answer.status < 400) {
      // Nothing was done there yet. The SDK knows which redirects may be followed.
      this.#answersJson = false
      return this.#inner.send(message, options as SendOptions)
    }
    if (answer.error !== undefined) {
      this.#retryAfter = answer.retryAfter
      throw this.#statusFault(answer.status, answer.error)
    }
    this.#answersJson = !answer.isStream
    options.onRequestStreamEnd?.()
  }

  #receive(text: string): void {
    const message: unknown = JSON.parse(text)
    if (!isJsonObject(message))
      throw new TransportFault('invalid', 'the body of the HTTP answer is not JSON-RPC')
    this.onmessage?.(message as unknown as JSONRPCMessage)
  }

  #statusFault(status: number, body: unknown, cause?: unknown): TransportFault {
    // Never the body as it is: it may repeat the credential, and it is a stranger's text.
    const rpc = typeof body === 'string' ? parseRpcError(body) : undefined
    const session = status === 404 && this.#inner.sessionId !== undefined
    if (rpc !== undefined && status !== 401 && status !== 403 && !session) {
      return new TransportFault('rpc', `HTTP ${status}`, { rpc, status })
    }
    const reason = describeStatus(status, { session, retryAfter: this.#retryAfter })
    // Only these are sure to have been refused before the tool was reached.
    const untouched = session || status === 401 || status === 403 || status === 429
    return new TransportFault('http', reason, {
      status,
      untouched,
      lost: session || status === 401,
      cause,
    })
  }

  async #close(): Promise<void> {
    const goodbye = this.#inner.terminateSession().catch(() => {})
    await Promise.race([goodbye, later(GOODBYE_MS)])
    await this.#inner.close().catch(() => {})
    await this.#agent.destroy().catch(() => {})
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

/** A `tools/call` that has a name. */
type CallMessage = JSONRPCMessage & { readonly method: string; readonly params: { readonly name: string } }

function isCall(message: JSONRPCMessage): message is CallMessage {
  return (
    'method' in message && message.method === 'tools/call' && typeof message.params?.['name'] === 'string'
  )
}

function parseRpcError(body: string): RpcError | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return undefined
  }
  if (!isJsonObject(parsed) || !isJsonObject(parsed['error'])) return undefined
  const { code, message, data } = parsed['error']
  if (typeof code !== 'number' || typeof message !== 'string') return undefined
  return { code, message, data }
}

function causeFault(error: unknown): TransportFault | undefined {
  let current = error
  for (let depth = 0; depth < 4 && current instanceof Error; depth++) {
    if (current instanceof TransportFault) return current
    current = current.cause
  }
  return undefined
}
