import type { ErrorCode } from './error-table.ts'
import type { Json, JsonObject } from './json.ts'

/** Limits of one run. Each is enforced on its own. */
export interface RunLimits {
  readonly wallMs: number
  readonly cpuMs: number
  readonly memoryMb: number
  readonly calls: number
  readonly parallelCalls: number
  readonly codeBytes: number
  readonly logBytes: number
  readonly argumentBytes: number
  readonly resultBytes: number
  readonly valueBytes: number
}

/** What a run used. Times in milliseconds, sizes in bytes of UTF-8. */
export interface RunUsage {
  readonly wallMs: number
  readonly cpuMs: number
  readonly toolWaitMs: number
  readonly calls: number
  readonly logBytes: number
  readonly argumentBytes: number
  readonly resultBytes: number
  readonly memoryBytes: number
}

/** One line that a script wrote with `console`. */
export interface LogLine {
  readonly level: 'log' | 'info' | 'warn' | 'error' | 'debug'
  readonly text: string
}

/** A call that a script makes, as it leaves the cell. `path` is what the script wrote: `tools.<server>.<tool>`. */
export interface ScriptCall {
  readonly server: string
  readonly tool: string
  readonly args: Json
  /** Line of the script that made the call, from 1; absent where it could not be found. */
  readonly line?: number
  /** Aborted when the run ends. */
  readonly signal: AbortSignal
}

/** How a call of a script ended: what the binding resolves to, or the error that it throws. */
export type ScriptCallOutcome =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly error: ScriptCallError }

/** What a `ToolError` in a script carries. */
export interface ScriptCallError {
  readonly code: string
  readonly message: string
  readonly retryable: boolean
  readonly detail?: JsonObject
}

/** One execution of a script. */
export interface RunRequest {
  readonly id: string
  /** Runs with different owners never share a cell. */
  readonly owner: string
  readonly code: string
  readonly limits: RunLimits
  readonly signal: AbortSignal
  /** Answers a call. Never rejects. */
  readonly call: (call: ScriptCall) => Promise<ScriptCallOutcome>
}

/** Why a run failed, in words for the model that wrote the script. */
export interface RunFailure {
  readonly code: ErrorCode
  readonly message: string
  /** Line and column of the script as it was submitted, from 1. */
  readonly line?: number
  readonly column?: number
  /** The source line, for the reader's eye. */
  readonly excerpt?: string
}

/** How a run ended. Always delivered; a sandbox never rejects because of a script. */
export interface RunOutcome {
  readonly value?: Json
  /** True where the script returned nothing. */
  readonly empty?: boolean
  readonly failure?: RunFailure
  readonly logs: readonly LogLine[]
  /** Bytes of logs that were cut because the limit was reached. */
  readonly logBytesCut: number
  /** Calls that the script started and did not wait for, as `server.tool (line n)`. */
  readonly unawaited: readonly string[]
  readonly usage: RunUsage
}

/** Runs scripts outside the gateway's process. */
export interface Sandbox {
  readonly run: (request: RunRequest) => Promise<RunOutcome>
  readonly close: () => Promise<void>
}
