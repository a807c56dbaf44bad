import type { UpstreamPlan } from '../plan.ts'
import { TransportFault } from './port.ts'

/** Statuses by which a server of the older HTTP+SSE answers a POST to the address of its event stream. */
const OLDER_STATUSES: readonly number[] = [400, 404, 405]

/** Statuses of the event stream that say something about the server, and not that there is no such stream. */
function isTelling(status: number): boolean {
  return status === 401 || status === 403 || status === 429 || status >= 500
}

/** True where the plan says that the server speaks the older HTTP+SSE. */
export function isSse(plan: UpstreamPlan): boolean {
  return plan.kind === 'http' && plan.transport === 'sse'
}

/**
 * True where Streamable HTTP failed as it does at a server that may speak the older HTTP+SSE only. Never after 401, 403, 429 or
 * a failure of the server, which say nothing about the transport.
 *
 * Source: MCP 2025-11-25, basic/transports, "Backwards Compatibility".
 */
export function mayBeSse(plan: UpstreamPlan, error: unknown): boolean {
  if (plan.kind !== 'http' || (plan.transport ?? 'auto') !== 'auto' || plan.protocol === 'modern')
    return false
  if (!(error instanceof TransportFault) || error.status === undefined) return false
  return OLDER_STATUSES.includes(error.status)
}

/**
 * The one of two failures that tells more: where there is no event stream at the address, the one of Streamable HTTP;
 * otherwise the one of the older transport, which has come further.
 */
export function moreTelling(newer: unknown, older: unknown): unknown {
  if (!(older instanceof TransportFault)) return newer
  return older.kind !== 'http' || isTelling(older.status ?? 0) ? older : newer
}
