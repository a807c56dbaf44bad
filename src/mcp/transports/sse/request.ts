import type { Agent, Dispatcher } from 'undici'
import { TransportFault } from '../port.ts'

/** One request of the older HTTP+SSE. */
export interface SseRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** How long the head of the answer, and then each part of its body, may take; 0: for ever. */
  readonly timeoutMs: number
}

/** What is read of a body that nobody wants, so that its connection can be used again, bytes. */
const DRAINED_BYTES = 65_536
const MAX_REDIRECTS = 5

/**
 * Sends a request and follows redirects as far as they stay on the origin.
 *
 * The attack it stops: a server, or whoever can make it redirect, that sends the credential in the headers on to
 * another host. Source: Fetch, "HTTP-redirect fetch", for which redirects keep a method.
 */
export async function requestOnOrigin(
  agent: Agent,
  { method, url, headers, body, signal, timeoutMs }: SseRequest,
): Promise<Dispatcher.ResponseData> {
  let target = url
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await agent.request({
      origin: target.origin,
      path: target.pathname + target.search,
      method,
      headers,
      signal,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(body === undefined ? {} : { body }),
    })
    const next = redirectOf(method, response, target)
    if (next === undefined) return response
    discard(response)
    if (next.origin !== url.origin) {
      const reason = `HTTP ${response.statusCode}: a redirect to another origin is not followed`
      throw new TransportFault('http', reason, { status: response.statusCode })
    }
    target = next
  }
  throw new TransportFault('http', 'the server redirects without end')
}

/** Reads what is left of a body, a little of it, and throws it away. */
export function discard({ body }: Dispatcher.ResponseData): void {
  void body.dump({ limit: DRAINED_BYTES }).catch(() => {})
}

function redirectOf(
  method: SseRequest['method'],
  { statusCode, headers }: Dispatcher.ResponseData,
  from: URL,
): URL | undefined {
  // By the others a POST would become a GET.
  const followed = method === 'GET' ? [301, 302, 303, 307, 308] : [307, 308]
  const { location } = headers
  if (!followed.includes(statusCode) || typeof location !== 'string') return undefined
  return URL.parse(location, from.href) ?? undefined
}
