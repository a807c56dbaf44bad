import type { Call } from './call.ts'
import type { ErrorCode } from './error-table.ts'
import type { JsonObject } from './json.ts'
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
  /** Called when the gateway is about to end and calls of this backend still run: those that can go on later stop now. */
  readonly drain?: () => void
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
  /** True: nothing was really called. */
  readonly isSimulated?: true
  /** `tool_error` is the tool's own failure; `refused` carries the gateway's code. */
  readonly outcome: 'ok' | 'tool_error' | 'refused'
  readonly code?: ErrorCode
}

/** Where records of calls go. `write` never throws and never waits. */
export interface Journal {
  readonly write: (record: JournalRecord) => void
}
