import { ERRORS, type ErrorCode, type ErrorEntry } from './error-table.ts'

/** Particulars of an error that a program may want. Never holds secrets: it is sent to the caller. */
export type ErrorDetail = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** The error member of a JSON-RPC response. */
export interface RpcError {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

/** A refusal or a fault of the gateway. Everything that crosses a floor of the house is one of these. */
export class GatewayError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'GatewayError'
  readonly code: Code
  readonly detail: ErrorDetail
  /** What the other side of the gateway answered, without credentials: a relay passes it on as it is. */
  readonly rpc: RpcError | undefined

  /**
   * @param message What happened here, with its particulars; the table has the general meaning.
   */
  constructor(
    code: Code,
    message: string,
    options: { detail?: ErrorDetail; cause?: unknown; rpc?: RpcError } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.code = code
    this.detail = options.detail ?? {}
    this.rpc = options.rpc
  }

  get entry(): ErrorEntry {
    return ERRORS[this.code]
  }
}

/**
 * Makes a GatewayError of anything that was thrown. Unknown failures become `internal` and keep their
 * text out of the message: it may hold paths or secrets, and belongs in the log (as `cause`).
 */
export function toGatewayError(thrown: unknown, reference?: string): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  const suffix = reference === undefined ? '' : ` Reference: ${reference}.`
  return new GatewayError('internal', `Unexpected failure.${suffix}`, { cause: thrown })
}

/** The text that a person or a model reads: code, message, remedy. */
export function describeError(error: GatewayError): string {
  return `[${error.code}] ${error.message} ${error.entry.remedy}`
}
