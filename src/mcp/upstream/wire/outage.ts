import { GatewayError } from '../../../core/errors.ts'
import { TransportFault } from '../../transports/port.ts'

/** Statuses by which a proxy says that there is nothing behind it. */
const GONE_STATUSES: readonly number[] = [502, 503, 504]

/** True where the upstream could not be reached or was lost; false where it answered, whatever it said. */
export function isOutage(error: unknown): error is TransportFault {
  if (!(error instanceof TransportFault)) return false
  const { kind, status } = error
  if (kind === 'http') return status !== undefined && GONE_STATUSES.includes(status)
  return kind === 'closed' || kind === 'unsent' || kind === 'timeout'
}

/** The refusal of a call by an open breaker. */
export function describeOpen(server: string, failures: number, retryInMs: number): GatewayError {
  const reason = `its circuit breaker is open after ${failures} failures in a row`
  const seconds = Math.max(1, Math.ceil(retryInMs / 1_000))
  return new GatewayError(
    'upstream_unavailable',
    `"${server}": ${reason}; it is tried again in ${seconds} s.`,
    {
      detail: { server, reason, retryInMs: Math.ceil(retryInMs) },
    },
  )
}

/** Why connecting failed, for a person. */
export function describeFailure(error: unknown, redact: (text: string) => string): string {
  if (!(error instanceof TransportFault)) return 'unexpected failure'
  return error.rpc === undefined ? error.message : redact(`${error.message}: ${error.rpc.message}`)
}
