import { describeError, toGatewayError, type RpcError } from '../../core/errors.ts'

/** The eras of the protocol as a door knows them. */
export type DoorEra = 'legacy' | 'modern'

/** An error that is sent as a JSON-RPC error response. */
export interface ProtocolError extends Error {
  readonly code: number
  readonly data?: unknown
}

/** Makes an error that is sent as a JSON-RPC error response. */
export function protocolError(code: number, message: string, data?: unknown): ProtocolError {
  return Object.assign(new Error(message), { code }, data === undefined ? {} : { data })
}

/** Until 2026-07-28 a missing resource had a code of its own. Source: MCP 2025-11-25, resources, "Error Handling". */
const LEGACY_RESOURCE_NOT_FOUND = -32002

/** The error member of a response for whatever was thrown. */
export function toRpcError(thrown: unknown, era: DoorEra): RpcError {
  if (thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'number') {
    const { code, message, data } = thrown as ProtocolError
    return { code, message, ...(data === undefined ? {} : { data }) }
  }
  const error = toGatewayError(thrown)
  if (error.rpc !== undefined) return error.rpc
  const isLegacyNotFound = era === 'legacy' && error.code === 'unknown_resource'
  return {
    code: isLegacyNotFound ? LEGACY_RESOURCE_NOT_FOUND : error.entry.jsonRpc,
    message: describeError(error),
    data: { code: error.code, ...error.detail },
  }
}
