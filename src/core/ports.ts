import type { Call } from './call.ts'
import type { ErrorCode } from './error-table.ts'
import type { Json, JsonObject } from './json.ts'
import type { Result } from './result.ts'
import type { QuarantinedTool, ToolSpec } from './tool.ts'

/** Time comes in through here, so that a test can hold it. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. For records. */
  readonly nowMs: () => number
  /** Monotonic clock, milliseconds. For deadlines and durations. */
  readonly monotonicMs: () => number
}

/** Makes ids that nobody can guess and that never repeat. */
export type NewId = () => string

/** How a backend is. `down` carries the reason, in words for a person. */
export type BackendStatus =
  | { readonly state: 'starting' }
  | { readonly state: 'ready' }
  | { readonly state: 'down'; readonly reason: string }

/**
 * What a server has beside its tools, in its own words: definitions as they came, members that nobody knows included.
 * Every prompt has a `name`, every resource a `uri`, every template a `uriTemplate`, all of them strings.
 */
export interface Offer {
  readonly prompts: readonly JsonObject[]
  readonly resources: readonly JsonObject[]
  readonly templates: readonly JsonObject[]
  /** MCP's ServerCapabilities. */
  readonly capabilities: JsonObject
  readonly instructions?: string
}

/** How a backend is and what it has: everything but the way to call it. */
export interface BackendView {
  readonly server: string
  readonly status: () => BackendStatus
  /** The tools last listed; empty until the first list. Never waits. */
  readonly tools: () => readonly ToolSpec[]
  readonly quarantined: () => readonly QuarantinedTool[]
  /** What it has beside tools, as last listed. Absent where it has nothing else. Never waits. */
  readonly offer?: () => Offer
  /** Calls the listener with the URI of each resource that was subscribed to and has changed. */
  readonly onResourceUpdated?: (listener: (uri: string) => void) => () => void
  /** Calls the listener after each change of status, tools or offer. Returns the way to stop listening. */
  readonly onChange: (listener: () => void) => () => void
  /** Resolves when the first attempt to connect and list has ended, either way. Never rejects. */
  readonly settled: () => Promise<void>
  /** How the connection is, for a person; plain data without secrets. */
  readonly describe?: () => JsonObject
  /** The end of what the server wrote to its error output, also after it ended. Absent where it has none. */
  readonly errorOutput?: () => string
}

/** What answers calls: an upstream, or the script engine. Only dispatch calls it. */
export interface Backend extends BackendView {
  readonly call: (call: Call) => Promise<Result>
  readonly close: () => Promise<void>
}

/** What the journal layer writes for each call, refused ones too. */
export interface JournalRecord {
  readonly id: string
  readonly parent?: string
  readonly atMs: number
  readonly door: Call['door']
  readonly principal: string
  /** Absent: `tools/call`. */
  readonly method?: string
  readonly tool: string
  readonly durationMs: number
  /** `tool_error` is the tool's own failure; `refused` carries the gateway's code. */
  readonly outcome: 'ok' | 'tool_error' | 'refused'
  readonly code?: ErrorCode
}

/** Where records of calls go. `write` never throws and never waits. */
export interface Journal {
  readonly write: (record: JournalRecord) => void
}

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
