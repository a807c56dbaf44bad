/**
 * What an HTTP status means for a person who has to mend it.
 *
 * @param context `session`: the request carried a session id. `retryAfter`: the header, in seconds or as a date.
 */
export function describeStatus(
  status: number,
  context: { readonly session: boolean; readonly retryAfter: string | undefined },
): string {
  if (context.session && status === 404) return 'HTTP 404: the server has forgotten the session'
  if (status === 401) return 'HTTP 401: the server does not accept the credential, or wants one'
  if (status === 403) return 'HTTP 403: the credential does not allow this'
  if (status === 404) return 'HTTP 404: there is no MCP endpoint at this address'
  if (status === 405) return 'HTTP 405: the endpoint does not take POST'
  if (status === 429) return `HTTP 429: too many requests${retryHint(context.retryAfter)}`
  if (status >= 300 && status < 400) return `HTTP ${status}: a redirect to another origin is not followed`
  if (status === 503) return `HTTP 503: the server is not available${retryHint(context.retryAfter)}`
  if (status >= 500) return `HTTP ${status}: the server failed`
  return `HTTP ${status}`
}

function retryHint(header: string | undefined): string {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return ''
  return `, to be tried again in ${header} s`
}

const NETWORK: Readonly<Record<string, { reason: string; untouched: boolean }>> = {
  ECONNREFUSED: { reason: 'connection refused', untouched: true },
  ENOTFOUND: { reason: 'the name of the host is not known', untouched: true },
  EAI_AGAIN: { reason: 'the name of the host could not be looked up', untouched: true },
  EHOSTUNREACH: { reason: 'the host cannot be reached', untouched: true },
  ENETUNREACH: { reason: 'the network cannot be reached', untouched: true },
  UND_ERR_CONNECT_TIMEOUT: { reason: 'the connection was not accepted in time', untouched: true },
  ECONNRESET: { reason: 'the connection was reset', untouched: false },
  EPIPE: { reason: 'the connection was closed', untouched: false },
  ETIMEDOUT: { reason: 'the connection timed out', untouched: false },
  UND_ERR_SOCKET: { reason: 'the connection was closed', untouched: false },
}

/**
 * The reason behind a failed fetch, by the code of its cause (fetch itself says only "fetch failed").
 * `untouched`: nothing reached the server. Undefined where the error is not one of the network.
 */
export function networkReason(error: unknown): { reason: string; untouched: boolean } | undefined {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    const code: unknown = 'code' in current ? current.code : undefined
    if (typeof code === 'string') {
      const known = NETWORK[code]
      if (known !== undefined) return known
      if (code.startsWith('ERR_TLS') || code.includes('CERT')) {
        return { reason: `the certificate is not accepted (${code})`, untouched: true }
      }
    }
    // Several addresses were tried (IPv4 and IPv6); any one of them tells why.
    const inner: unknown = current instanceof AggregateError ? current.errors[0] : undefined
    current = inner ?? current.cause
  }
  return error instanceof TypeError ? { reason: 'the connection failed', untouched: false } : undefined
}
