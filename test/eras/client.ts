import { expect } from 'vitest'

import type { JsonObject } from '../../src/core/json.ts'

/** Where a client connects: an address, or a program that it starts. */
export type Place = { readonly url: string } | { readonly command: string; readonly args: string[] }

/** Something that a server asked a client. */
export interface Asked {
  readonly method: string
  readonly params: Record<string, unknown>
}

/** Answers a question, or throws to answer with an error. */
export type AnswerTo = (asked: Asked) => object | Promise<object>

export interface RequestOptions {
  readonly signal?: AbortSignal
  readonly onprogress?: (progress: object) => void
}

/** A client of one SDK, at one endpoint of a gateway. */
export interface EraClient {
  /** Sends a request with the SDK and resolves with its result. */
  readonly request: (
    method: string,
    params?: Record<string, unknown>,
    options?: RequestOptions,
  ) => Promise<Record<string, unknown>>
  /** Everything that it was told, but for what the SDK keeps for itself. */
  readonly heard: Asked[]
  /** Everything that it was asked. */
  readonly asked: Asked[]
  /** All progress that has reached it, whether the SDK still had a listener for it or not. */
  readonly progress: object[]
  /** Subscribes to a resource in the way of its era. Resolves with the way to end that. */
  readonly subscribe: (uri: string) => Promise<() => Promise<void>>
  /** Makes sure that it hears of changes of the lists. */
  readonly watchLists: () => Promise<void>
  readonly greeting: () => {
    readonly instructions: string | undefined
    readonly capabilities: object | undefined
  }
  /** Has log messages of a level and above be sent to it, from the next request on. */
  readonly setLevel: (level: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** What a client is made with. */
export interface EraClientParts {
  /** Absent: it can be asked everything. */
  readonly capabilities?: JsonObject
  /** Absent: ANSWER. */
  readonly answer?: AnswerTo
}

/** A client that can be asked everything. */
export const ALL: JsonObject = {
  elicitation: { form: {}, url: {} },
  sampling: { tools: {} },
  roots: { listChanged: true },
}

/** What a client answers where a test does not say anything else. */
export const ANSWER: AnswerTo = ({ method, params }) => {
  if (method === 'roots/list') return { roots: [{ uri: 'file:///home/me', name: 'me' }] }
  if (method === 'sampling/createMessage') {
    return {
      role: 'assistant',
      model: 'test',
      stopReason: 'endTurn',
      content: { type: 'text', text: 'Paris' },
    }
  }
  return params['mode'] === 'url' ? { action: 'accept' } : { action: 'accept', content: { name: 'Ada' } }
}

/**
 * Expects the progress of the tool `progress` under one token, at the wire: both SDKs forget the listener of a request when its
 * answer comes, and hand on a notification one turn later, so that those which are read together with the answer are lost.
 */
export function expectSteps(reached: readonly object[], handedOn: readonly object[]): void {
  const steps = [1, 2, 3].map((progress) => ({ progress, total: 3, message: `step ${progress}` }))
  const [{ progressToken } = { progressToken: undefined }] = reached as { progressToken?: unknown }[]
  expect(progressToken).toBeDefined()
  expect(reached).toEqual(steps.map((step) => ({ ...step, progressToken })))
  expect(handedOn).toEqual(steps.slice(0, handedOn.length))
}

/** Sees each message before the SDK does. */
interface Tapped {
  onmessage?: ((message: never, extra?: never) => void) | undefined
}

/** Collects the progress that comes over a transport which an SDK is connected to. */
export function tapProgress(transport: unknown): object[] {
  const tapped = transport as Tapped
  const hand = tapped.onmessage
  const seen: object[] = []
  tapped.onmessage = (message, extra) => {
    const { method, params } = message as { method?: string; params?: object }
    if (method === 'notifications/progress' && params !== undefined) seen.push(params)
    hand?.(message, extra)
  }
  return seen
}
