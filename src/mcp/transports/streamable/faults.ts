import { SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client'
import type { RpcError } from '../../../core/errors.ts'
import { isJsonObject } from '../../../core/json.ts'
import { describeStatus, networkReason } from './reason.ts'
import { TransportFault, isUnparsable } from '../port.ts'

/** What is known of the connection when something fails on it. */
export interface HttpFaultContext {
  /** True where the request carried a session id. */
  readonly session: boolean
  readonly retryAfter: string | undefined
  /** Takes credentials out of what is shown of the server's own words. */
  readonly redact: (text: string) => string
}

/** Puts whatever `fetch`, undici or the SDK throws into one fault. */
export function toHttpFault(error: unknown, context: HttpFaultContext): TransportFault {
  if (error instanceof TransportFault) return error
  if (error instanceof SdkHttpError) return statusFault(error.status, error.data.text, context, error)
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
  return new TransportFault('invalid', context.redact(text).slice(0, 500), { cause: error })
}

/** What an HTTP status says that is no answer. Never the body as it is: it may repeat the credential, and is a stranger's text. */
export function statusFault(
  status: number,
  body: unknown,
  context: HttpFaultContext,
  cause?: unknown,
): TransportFault {
  const rpc = typeof body === 'string' ? parseRpcError(body) : undefined
  const session = status === 404 && context.session
  // A modern server says "no such method" with 404, and that is an answer.
  if (rpc !== undefined && status !== 401 && status !== 403 && !session) {
    return new TransportFault('rpc', `HTTP ${status}`, { rpc, status })
  }
  const reason = describeStatus(status, { session, retryAfter: context.retryAfter })
  // Only these are sure to have been refused before the tool was reached.
  const untouched = session || status === 401 || status === 403 || status === 429
  return new TransportFault('http', reason, { status, untouched, lost: session || status === 401, cause })
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
