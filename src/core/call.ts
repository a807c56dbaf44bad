import type { PlannedEffect } from './approval.ts'
import type { CallClient } from './client.ts'
import type { DeadlineMs } from './deadline.ts'
import type { JsonObject } from './json.ts'
import type { Principal } from './principal.ts'
import type { Result } from './result.ts'
import type { ToolRef } from './tool.ts'
import type { Trail } from './trail.ts'

/** The place where a call came in. */
export type Door = 'mcp' | 'stdio' | 'cli' | 'rest' | 'script'

/** One request to use a tool. Frozen: layers pass it on or make a new one, they never change it. */
export interface Call {
  readonly id: string
  /** The id of the call that made this one: for a call of a script, the id of its run. */
  readonly parent?: string
  readonly door: Door
  readonly principal: Principal
  /** What is asked. Absent: `tools/call`. */
  readonly method?: string
  /** What is used. */
  readonly tool: ToolRef
  /** The arguments of a tool; for other methods the parameters, with the names that the server gave and without `_meta`. */
  readonly args: JsonObject
  /** Absent: the deadline layer sets the configured one. */
  readonly deadline?: DeadlineMs
  readonly signal: AbortSignal
  /** Stops the clock of the call until the returned function is called: for as long as it only waits for its turn. */
  readonly pauseClock?: () => () => void
  /**
   * Gives back what the call holds of limits on calls in flight, while it only waits for a person. The returned function waits until it has
   * that again, and rejects with the reason of the signal. Absent: it holds nothing of that kind.
   */
  readonly giveWay?: () => () => Promise<void>
  /** Called with the progress that the backend reports. */
  readonly onProgress?: (progress: Progress) => void
  /** Who made the call, where it can be reached while the call runs. */
  readonly client?: CallClient
  /** Further parameters of a `tools/call`, relayed untouched. */
  readonly extra?: JsonObject
  /** True: the call is to pass the layers and to have no effect; a sample of the tool's output answers it. */
  readonly isSimulated?: true
  /** Where a script makes the call: its run, the key of the call in it (the same in each replay), and SHA-256 of its source. */
  readonly run?: {
    readonly id: string
    readonly key: string
    readonly codeHash: string
    /** Calls of the run that may have had an effect, a line each, for the person who is asked. */
    readonly done: () => readonly string[]
    /**
     * Called before the call waits for a person: when it resolves the run is kept and outlives the process. What it resolves with is called
     * before the call is made after all.
     *
     * @throws GatewayError where the run cannot be kept
     */
    readonly wait?: () => Promise<() => Promise<void>>
    /** Hears of a call that is only simulated and that would need an approval. */
    readonly onWouldAsk?: (effect: PlannedEffect, rule: string) => void
  }
  /** Made by the outermost layer; absent above it. */
  readonly trail?: Trail
  /** The `_meta` of the request, relayed untouched. */
  readonly meta?: JsonObject
}

/** A progress report of a running call, as MCP's `notifications/progress` carries it. */
export interface Progress {
  readonly progress: number
  readonly total?: number
  readonly message?: string
}

/** Turns a call into a result. Rejects with a GatewayError and with nothing else. */
export type Handler = (call: Call) => Promise<Result>

/** Wraps a handler. */
export type Layer = (next: Handler) => Handler

/** Methods about a task: they go to the server of the call that began it. Source: MCP extension "Tasks". */
const ABOUT_TASKS: readonly string[] = ['tasks/get', 'tasks/update', 'tasks/cancel', 'tasks/result']

export function isTaskMethod(method: string): boolean {
  return ABOUT_TASKS.includes(method)
}

/** True for a request about a task that a call of the tool began. It has none of the arguments of that call. */
export function isAboutTask({ method, tool }: Pick<Call, 'method' | 'tool'>): boolean {
  return method !== undefined && tool.kind === undefined && isTaskMethod(method)
}
