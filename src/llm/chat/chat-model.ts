import type { Dispatcher } from 'undici'

import type { Json, JsonObject } from '../../core/json.ts'
import type { Clock } from '../../core/ports.ts'

/** A model that may call tools. */
export interface ChatModel {
  /**
   * One request and its answer. A failure that may pass by itself (429, 5xx, no connection) is tried again a few times.
   *
   * @throws GatewayError `upstream_unavailable` where the endpoint does not answer, or is busy each time, `upstream_failed` where it
   * refuses (`detail.status`), `upstream_invalid` and `upstream_too_large` for what it answers; the reason of the signal where that ends it
   */
  readonly turn: (request: ChatRequest, signal: AbortSignal) => Promise<ChatReply>
}

/** How a model is reached. */
export interface ChatModelParts {
  /** Base of the API, or the address of its endpoint itself. */
  readonly url: string
  readonly model: string
  readonly apiKey?: string
  /** Of one request, milliseconds. */
  readonly timeoutMs: number
  /** What the model may write in one turn, in tokens. */
  readonly maxOutputTokens: number
  /** Absent: the provider's own. Some models take no other. */
  readonly temperature?: number
  readonly clock: Clock
  /** A number from 0 to 1, for the pauses between attempts. */
  readonly random: () => number
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  /** Absent: undici's own. */
  readonly dispatcher?: Dispatcher
}

export interface ChatRequest {
  /** Empty: there is none. */
  readonly system: string
  readonly tools: readonly ChatTool[]
  readonly messages: readonly ChatMessage[]
}

export interface ChatTool {
  readonly name: string
  readonly description?: string
  readonly inputSchema: JsonObject
}

/** One message of a conversation. `results` answers all calls of the message before. */
export type ChatMessage =
  | { readonly role: 'user'; readonly text: string }
  | ChatSaid
  | { readonly role: 'results'; readonly results: readonly ChatResult[] }

/** What the model said. */
export interface ChatSaid {
  readonly role: 'assistant'
  readonly text: string
  readonly calls: readonly ChatCall[]
  /** The message in the provider's own form: some want it back as it was, with members that only they know. */
  readonly original: Json
}

/** A call as a model wrote it. */
export interface ChatCall {
  readonly id: string
  readonly name: string
  /** Absent where what it wrote is no JSON object; `problem` says what it is. */
  readonly args?: JsonObject
  readonly problem?: string
}

export interface ChatResult {
  /** Of the call. */
  readonly id: string
  readonly text: string
  readonly isError: boolean
}

/** Tokens by the provider's own count. */
export interface ChatUsage {
  /** All that was read, from the cache or not. */
  readonly input: number
  /** Of `input`: what came from the provider's cache. */
  readonly cachedInput: number
  /** Of `input`: what was written into it. */
  readonly cacheWrite: number
  readonly output: number
}

/** Why the model stopped: it was done, wants calls, ran into the limit of its output, or anything else. */
export type ChatStop = 'end' | 'calls' | 'length' | 'other'

/** Of the attempt that succeeded, milliseconds. */
export interface ChatTimings {
  /** Until the head of the answer was there; it is not streamed, so that is when the model had written it. */
  readonly firstByteMs: number
  readonly wholeMs: number
  /** What attempts before it took, pauses included. */
  readonly lostMs: number
}

export interface ChatReply {
  readonly message: ChatSaid
  readonly usage: ChatUsage
  readonly stop: ChatStop
  readonly timings: ChatTimings
}
