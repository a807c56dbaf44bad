import { ERRORS, type ErrorCode } from '../../../core/error-table.ts'
import type { RunFailure } from '../../../core/run.ts'
import type { MadeCall } from './made-calls.ts'

/** What another script may mend. Everything else came from the gateway, a server or the caller itself. */
const MENDABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'script_syntax',
  'script_check',
  'script_error',
  'script_timeout',
  'script_cpu',
  'script_memory',
  'script_killed',
  'script_limit',
  'script_stalled',
  'script_value',
])

/** Refusals of calls that no change of the script would have spared it; those that may be gone later are more of them. */
const NOT_OF_THE_SCRIPT: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'call_cancelled',
  'client_cannot',
  'client_refused',
  'upstream_invalid',
  'internal',
])

/** A script may make up as many names as it may make calls. */
const MAX_REMEMBERED = 200

/** The refusals of one run that its script is not to blame for. */
export interface Refusals {
  readonly remember: (tool: string, code: ErrorCode) => void
  /** The code of the refusal that ended the run, because nobody caught it; undefined where none did. */
  readonly causeOf: (failure: RunFailure | undefined) => ErrorCode | undefined
}

/** Begins with none. */
export function createRefusals(): Refusals {
  const codes = new Map<string, ErrorCode>()
  return {
    remember(tool, code) {
      const isBlameless = ERRORS[code].retryable || NOT_OF_THE_SCRIPT.has(code)
      // As sandbox/guest/describe-thrown.ts writes a ToolError. What a script writes itself deceives only its own author.
      if (isBlameless && codes.size < MAX_REMEMBERED) codes.set(`ToolError [${code}] ${tool}: `, code)
    },
    causeOf(failure) {
      if (failure?.code !== 'script_error') return undefined
      for (const [beginning, code] of codes) if (failure.message.startsWith(beginning)) return code
      return undefined
    },
  }
}

/** True where another script may do better. */
export function isMendable({ code }: RunFailure, cause: ErrorCode | undefined): boolean {
  return MENDABLE.has(code) && cause === undefined
}

/** True where a tool failed and nobody caught it: how scripts are written has nothing to do with that. */
export function isToolFailure(failure: RunFailure | undefined, made: readonly MadeCall[]): boolean {
  return (
    failure?.code === 'script_error' &&
    made.some(
      ({ tool, outcome }) =>
        outcome === 'error' && failure.message.startsWith(`ToolError [tool_error] ${tool}: `),
    )
  )
}
