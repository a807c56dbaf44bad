import type { TaskKind } from '../config/tasks/schema.ts'
import type { Mode, ShownMode } from '../core/mode.ts'

/** One request to the model and its answer, in tokens. */
export interface Turn {
  /** Everything that is sent: `head` of the point, the goal, all turns before. */
  readonly input: number
  /** What the model writes: calls or the final words. */
  readonly output: number
  /** From the call of the first tool of the turn to the last result, milliseconds. Only where time is measured. */
  readonly toolMs?: number
}

/** What is sent before the first word of the person, in tokens. */
export interface Head {
  readonly definitions: number
  readonly instructions: number
}

/** One task, played in one mode at one number of tools. */
export interface Point {
  readonly task: string
  readonly kind: TaskKind
  /** Tools in the catalog, those of the task included. */
  readonly tools: number
  readonly mode: Mode
  /** How the tools were shown; differs from `mode` where that is `auto`. */
  readonly shown: ShownMode
  readonly ok: boolean
  /** Why it failed, in words. */
  readonly reason?: string
  readonly head: Head
  readonly turns: readonly Turn[]
  /** Calls that reached a server. */
  readonly calls: number
}

/** A catalog at one size. */
export interface CatalogSize {
  readonly tools: number
  /** Of all definitions as mode classic lists them. */
  readonly definitionTokens: number
}

/** Prices of a million tokens, and how a provider caches. */
export interface Pricing {
  readonly input: number
  readonly output: number
  readonly cacheRead: number
  readonly cacheWrite: number
  /** A prefix below so many tokens is not cached. */
  readonly cacheMinTokens: number
}

/** What a turn of a model takes. All settable; the model is simulated. */
export interface LatencyParameters {
  /** Until the first token of an empty request, milliseconds. */
  readonly firstTokenMs: number
  /** Tokens of input that are read in a second, and of those that the provider has in its cache. */
  readonly readPerSecond: number
  readonly cachedReadPerSecond: number
  /** Tokens that are written in a second. */
  readonly writePerSecond: number
  /** Of the client and the network, for each turn, milliseconds. */
  readonly turnMs: number
}

/** What a provider has in its cache: nothing is cached at all; each conversation begins without; definitions and instructions are there already. */
export const CACHINGS = ['none', 'cold', 'warm'] as const
export type Caching = (typeof CACHINGS)[number]

/** Where and with what it was measured. */
export interface Made {
  readonly version: string
  readonly node: string
  readonly platform: string
  readonly cpu: string
  readonly cpus: number
  /** ISO 8601. */
  readonly at: string
}

/** All that a benchmark of tasks found out. */
export interface BenchReport {
  readonly format: 'isogate-bench/1'
  /** True where `toolMs` was measured. */
  readonly isTimed: boolean
  readonly made: Made
  readonly tokenizer: string
  readonly catalog: { readonly source: string; readonly sizes: readonly CatalogSize[] }
  readonly tasks: readonly { readonly name: string; readonly kind: TaskKind; readonly goal: string }[]
  readonly modes: readonly Mode[]
  readonly pricing: Pricing
  readonly latency: LatencyParameters
  readonly points: readonly Point[]
}
