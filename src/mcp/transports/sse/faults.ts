import type { Dispatcher } from 'undici'
import { describeStatus, networkReason } from '../streamable/reason.ts'
import { TransportFault } from '../port.ts'

type Answer = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'>

/** Why there is no event stream at an address; undefined where there is one. */
export function streamFault({ statusCode: status, headers }: Answer): TransportFault | undefined {
  const fault = (reason: string): TransportFault => new TransportFault('http', reason, { status })
  if (status === 405) return fault('HTTP 405: the address does not take GET; it may speak Streamable HTTP')
  if (status !== 200)
    return fault(describeStatus(status, { session: false, retryAfter: retryAfterOf(headers) }))
  if (/^text\/event-stream\s*(?:;|$)/i.test(String(headers['content-type'] ?? ''))) return undefined
  return fault('there is no event stream at this address')
}

/** What the refusal of a message means. Never with the body: it may repeat the credential, and it is a stranger's text. */
export function postFault({ statusCode: status, headers }: Answer): TransportFault {
  const reason = describeStatus(status, { session: true, retryAfter: retryAfterOf(headers) })
  // 404: the session is gone. Only these are sure to have been refused before the tool was reached.
  const lost = status === 401 || status === 404
  const untouched = lost || status === 403 || status === 429
  return new TransportFault('http', reason, { status, untouched, lost })
}

/** The fault behind a request or a stream that broke; undefined where it was not the network. */
export function networkFault(error: unknown): TransportFault | undefined {
  const network = networkReason(error)
  if (network !== undefined) {
    const kind = network.untouched ? 'unsent' : 'closed'
    return new TransportFault(kind, network.reason, { lost: true, cause: error })
  }
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code !== 'string') return undefined
  const isSlow = code === 'UND_ERR_HEADERS_TIMEOUT'
  const reason = isSlow ? 'the server did not take a message in time' : `the connection failed (${code})`
  return new TransportFault('closed', reason, { lost: true, cause: error })
}

function retryAfterOf(headers: Answer['headers']): string | undefined {
  const { 'retry-after': value } = headers
  return typeof value === 'string' ? value : undefined
}
