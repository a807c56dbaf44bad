import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import type { RpcError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'

/** The id of a JSON-RPC request. */
export type RequestId = string | number

/**
 * What can go wrong between the gateway and an upstream, before it is said in the words of the error table.
 *
 * - `rpc`: the upstream answered with a JSON-RPC error
 * - `closed`: the connection ended while the request was under way
 * - `unsent`: the request never left the gateway
 * - `invalid`: the answer is not MCP
 * - `too_large`: the answer is larger than the plan allows
 * - `http`: an HTTP status that is no answer to the request
 * - `timeout`, `cancelled`: the gateway gave up
 */
export type FaultKind =
  | 'rpc'
  | 'closed'
  | 'unsent'
  | 'invalid'
  | 'too_large'
  | 'http'
  | 'timeout'
  | 'cancelled'

/** One failure on the way to an upstream. Its message is made for a person and holds no credential. */
export class TransportFault extends Error {
  override readonly name = 'TransportFault'
  readonly kind: FaultKind
  readonly rpc: RpcError | undefined
  readonly status: number | undefined
  /** True where the connection cannot be used any more. */
  readonly lost: boolean
  /** True where the upstream has surely not begun to work on the request, so that it may be sent again. */
  readonly untouched: boolean

  constructor(
    kind: FaultKind,
    message: string,
    options: {
      rpc?: RpcError
      status?: number
      lost?: boolean
      untouched?: boolean
      cause?: unknown
    } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.kind = kind
    this.rpc = options.rpc
    this.status = options.status
    this.lost = options.lost ?? false
    this.untouched = options.untouched ?? false
  }
}

/** A request of the gateway as a transport with streams sends it. */
export interface OwnRequest {
  readonly id: number
  readonly method: string
  readonly params: JsonObject
  /** HTTP headers of this request only. */
  readonly headers: Readonly<Record<string, string>> | undefined
  readonly signal: AbortSignal | undefined
}

/** The SDK's transport, with what the gateway has to know beyond it. */
export interface UpstreamTransport extends Transport {
  /** `process`: one pipe for everything. `http`: each request has a stream of its own. */
  readonly shape: 'process' | 'http'
  /** True once anything at all has come from the other side. */
  readonly alive: boolean
  /** Of a process that runs. */
  readonly pid?: number | null
  /**
   * Sends a request of the gateway on a stream of its own, and resolves when that has ended. Absent: requests are sent like other
   * messages. Rejects with what `toFault` understands.
   */
  readonly sendRequest?: (request: OwnRequest) => Promise<void>
  /** Called with what comes on the stream of one request of the gateway: it belongs to that request. */
  onrelated?: ((message: JSONRPCMessage, id: RequestId) => void) | undefined
  /** Called at the first sign of life. */
  onlife?: (() => void) | undefined
  /** Called when an answer was lost on the way. Without an id it may have been the answer to any request. */
  onfault?: ((fault: TransportFault, id?: RequestId) => void) | undefined
  /** Why the connection ended, for a person; undefined while it is open. */
  readonly closeReason: () => string | undefined
  /** Puts an error of `start` or `send` into the words of this file. */
  readonly toFault: (error: unknown) => TransportFault
}

/** The reason of a connection that nothing happened to. */
export const CLOSED_BY_GATEWAY = 'the gateway closed the connection'

/**
 * Names the request behind an HTTP exchange to the injected fetch, which takes it off again: only so can
 * an answer that was cut be attributed to the one request that it belonged to.
 */
export const EXCHANGE_HEADER = 'x-isogate-exchange'

/** True for what the SDK throws where bytes came that are not JSON-RPC. */
export function isUnparsable(error: unknown): boolean {
  const name = error instanceof Error ? error.name : ''
  return name === 'SyntaxError' || name === 'ZodError' || name === '$ZodError'
}
