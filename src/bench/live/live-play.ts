import type { Mode, ShownMode } from '../../core/mode.ts'
import type { TaskKind } from '../../config/tasks/schema.ts'
import type { ChatMessage, ChatSaid, ChatUsage } from '../../llm/chat/chat-model.ts'
import type { Turn } from '../points.ts'

/**
 * How a play ended. `solved` and `failed` are the model's; `refused`: the provider does not take the request, as where it is longer than what
 * the model reads, which is a failure of the mode; `broken`: the provider failed; `stopped`: somebody, or the cost limit of the run, ended it.
 * Only the first three say something about a mode.
 */
export type Outcome = 'solved' | 'failed' | 'refused' | 'broken' | 'stopped'

/** A turn by the provider's own count. */
export interface LiveTurn extends Turn, ChatUsage {
  /** Of the request that succeeded, milliseconds. */
  readonly modelMs: number
  readonly firstByteMs: number
  /** Failed attempts and pauses before it; in no other figure. */
  readonly lostMs: number
  /** Calls that the model made. */
  readonly made: number
}

/** One task, played by a live model in one mode. */
export interface LivePlay {
  readonly task: string
  readonly kind: TaskKind
  readonly tools: number
  readonly mode: Mode
  readonly shown: ShownMode
  readonly outcome: Outcome
  readonly ok: boolean
  /** False where nothing shows whether the task was solved but that the model said something: such plays are in no success rate. */
  readonly isChecked: boolean
  /** Why it was not solved, in words. */
  readonly reason?: string
  /** HTTP status of the provider, where it refused. */
  readonly status?: number
  readonly turns: readonly LiveTurn[]
  readonly usage: ChatUsage
  readonly dollars: number
  /** Calls that reached a server. */
  readonly calls: number
  readonly toolMs: number
  /** Turns of the model and of tools; without attempts that failed, and pauses. */
  readonly wallMs: number
  /** The last words of the model. */
  readonly said: string
}

export interface RepeatedPlay extends LivePlay {
  /** From 1. */
  readonly repeat: number
}

/** What was said in a play. */
export interface Transcript {
  readonly system: string
  /** Names of those that the model was given. */
  readonly tools: readonly string[]
  readonly messages: readonly (Exclude<ChatMessage, ChatSaid> | Omit<ChatSaid, 'original'>)[]
}
