import { primordials } from './primordials.ts'

/** What a failed call throws in a script. Not a global: a script tells it by `error.name === 'ToolError'`. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
  readonly code: string
  /** `server.tool` as the script wrote it. */
  readonly tool: string
  /** True where the same call may succeed later without being changed. */
  readonly retryable: boolean
  readonly detail: unknown

  /** @param place The stack at the moment of the call: the answer arrives from outside and has none of its own. */
  constructor(
    tool: string,
    failure: { code: string; message: string; retryable: boolean; detail?: unknown },
    place: string,
  ) {
    super(failure.message)
    if (place !== '') this.stack = `ToolError: ${failure.message}\n    at ${place}`
    this.code = failure.code
    this.tool = tool
    this.retryable = failure.retryable
    this.detail = failure.detail
  }
}

// A script reaches the class through an error; it must not put another one under it.
primordials.freeze(ToolError)
primordials.freeze(ToolError.prototype)
