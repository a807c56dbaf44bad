import type { ErrorCode } from './error-table.ts'
import type { Json, JsonObject } from './json.ts'

/** Limits of one run. Each is enforced on its own. */
export interface RunLimits {
  readonly wallMs: number
  readonly cpuMs: number
  readonly memoryMb: number
  readonly calls: number
  /** Calls of one tool, as the script names it. */
  readonly callsPerTool: number
  readonly parallelCalls: number
  readonly codeBytes: number
  readonly logBytes: number
  readonly argumentBytes: number
  readonly resultBytes: number
  readonly valueBytes: number
}

/**
 * What a run used. Times in milliseconds, sizes in bytes of UTF-8. Of a run that was resumed: times of the last leg, counts and
 * sizes of the whole run.
 */
export interface RunUsage {
  /** Without the time in which the client was asked something. */
  readonly wallMs: number
  readonly cpuMs: number
  /** Time in which at least one call was in flight. */
  readonly toolWaitMs: number
  /** What all calls together waited for one of the `parallelCalls` places. */
  readonly queueWaitMs: number
  readonly calls: number
  /** Calls by `server.tool`, as the script wrote them; the first 100 names. */
  readonly callsByTool: Readonly<Record<string, number>>
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

/**
 * A call that a script makes, as it leaves the cell, with the names that the script wrote: `tools.<server>.<tool>`. What the
 * language of scripts itself offers has the server `$isogate`: `search`, `describe` and `open`.
 */
export interface ScriptCall {
  /** Names the call by its place in the script and by what led there: the same in each replay. Unique in its run. */
  readonly key: string
  readonly server: string
  readonly tool: string
  readonly args: Json
  /** Line of the script that made the call, from 1; absent where it could not be found. */
  readonly line?: number
  /** Aborted when the run ends. */
  readonly signal: AbortSignal
  /** Stops the wall clock of the run until the returned function is called: for a client that is asked something. */
  readonly pause: () => () => void
  /** What the script has seen up to this moment. Absent: nobody writes it down. */
  readonly record?: () => RunRecord
}

/** How a call of a script ended: what the binding resolves to, or the error that it throws. */
export type ScriptCallOutcome =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly error: ScriptCallError }
  /** It waits for something outside, and had no effect: it will be made again when the run is resumed. */
  | { readonly ok: false; readonly suspended: true; readonly reason: string }

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
  /** The global `input` of the script. */
  readonly input?: Json
  /** What an earlier leg of the same run recorded: its calls are answered from there and do not reach `call`. */
  readonly replay?: RunRecord
  /** Once aborted, no further call is made, and the run is suspended when those in flight have ended. */
  readonly suspend?: AbortSignal
  /** Answers a call. Never rejects. */
  readonly call: (call: ScriptCall) => Promise<ScriptCallOutcome>
}

/**
 * All that a script has seen of the world, so that it can be run again to the same point: plain JSON. Its texts are not
 * longer than `resultBytes` together.
 */
export interface RunRecord {
  /** What the clock of the script showed at its start, milliseconds since the epoch. */
  readonly startedAtMs: number
  /** Seed of the script's `Math.random`, a whole number of 32 bits. */
  readonly seed: number
  readonly turns: readonly RunTurn[]
}

/** Answers that a script was given together. */
export interface RunTurn {
  /** What the clock of the script showed from then on, milliseconds since the epoch. */
  readonly atMs: number
  readonly answers: readonly RecordedAnswer[]
}

/** A call and how it ended. */
export interface RecordedAnswer {
  readonly key: string
  /** `server.tool`, as the script wrote it. */
  readonly call: string
  /** SHA-256 of the JSON text of the arguments, hexadecimal. */
  readonly argumentsHash: string
  readonly ok: boolean
  /** JSON: the value, or a ScriptCallError. */
  readonly text: string
  /** Line of the script that made the call, from 1. */
  readonly line?: number
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
  /** Set where the run has not ended but waits; `record` resumes it. No value and no failure then. */
  readonly suspended?: { readonly reasons: readonly string[] }
  /** What the script has seen, of all legs of the run. */
  readonly record: RunRecord
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
