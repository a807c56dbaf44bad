import { placeText } from './caller-place.ts'
import type { CallPlace } from './lineage.ts'
import { primordials } from './primordials.ts'

/** What a failed call throws in a script, where it is a global too: `error instanceof ToolError`. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
  readonly code: string
  /** `server.tool` as the script wrote it. */
  readonly tool: string
  /** True where the same call may succeed later without being changed. */
  readonly retryable: boolean
  readonly detail: unknown
  /** What the tool takes, where the arguments were wrong: the type of its parameters. */
  readonly parameters?: string

  /** @param place Of the call: the answer arrives from outside and has none of its own. */
  constructor(
    tool: string,
    failure: { code: string; message: string; retryable: boolean; detail?: unknown },
    place?: CallPlace,
  ) {
    super(failure.message)
    const at = place === undefined ? '' : placeText(place)
    if (at !== '') this.stack = `ToolError: ${failure.message}\n    at ${at}`
    this.code = failure.code
    this.tool = tool
    this.retryable = failure.retryable
    this.detail = failure.detail
    const parameters = (failure.detail as { parameters?: unknown } | undefined)?.parameters
    if (typeof parameters === 'string') this.parameters = parameters
  }
}

// A script reaches the class through an error; it must not put another one under it.
primordials.freeze(ToolError)
primordials.freeze(ToolError.prototype)
