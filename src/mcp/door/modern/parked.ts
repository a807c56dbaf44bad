import { randomBytes } from 'node:crypto'

import type { ClientRequest } from '../../../core/client.ts'
import { GatewayError } from '../../../core/errors.ts'
import { isJsonObject, type JsonObject } from '../../../core/json.ts'
import type { Principal } from '../../../core/principal.ts'

/** How long a call waits for the answers of its client, milliseconds. */
const PATIENCE_MS = 10 * 60_000
/** The most calls that wait. */
const MAX_PARKED = 10_000

/** What a call in flight has come to: it is over, or it asks its client. */
export type Stage =
  | { readonly result: object }
  | { readonly error: unknown }
  | { readonly inputRequests: JsonObject; readonly requestState: string }

/** A request by which a client takes part in a call: the one that began it, or one that brought answers. */
export interface Leg {
  readonly params: JsonObject
  /** Sends a notification that belongs to the request. */
  readonly notify: (method: string, params: JsonObject) => void
}

/** A call in flight whose client takes part in it over several requests. */
export interface Flight {
  /** The request that waits for the call at the moment; undefined while the client thinks. */
  readonly leg: () => Leg | undefined
  /** Ends the call, for a client that does not wait any more. */
  readonly cancel: () => void
  /** What the call asks its client with. */
  readonly ask: (
    requests: Readonly<Record<string, ClientRequest>>,
  ) => Promise<Readonly<Record<string, JsonObject>>>
  /** Resolves with what the call comes to next. */
  readonly next: () => Promise<Stage>
  /** Sets what the call is over with. */
  readonly end: (stage: Exclude<Stage, { inputRequests: unknown }>) => void
}

/** Calls that wait for the answers of clients whose requests stand each for itself (MCP 2026-07-28, "Multi Round-Trip Requests"). */
export interface Parked {
  /**
   * @param subject What is called, with which arguments: the request that brings the answers must be about the same.
   * @param given Answers that came with the request, before anybody asked: taken for questions under their keys.
   * @param cancel Ends the call.
   */
  readonly begin: (
    principal: Principal,
    subject: string,
    leg: Leg,
    given: unknown,
    cancel: (reason?: GatewayError) => void,
  ) => Flight
  /**
   * Brings answers to a call that waits.
   *
   * @throws GatewayError `unknown_state` where there is none, or where it is another's
   */
  readonly resume: (
    requestState: string,
    principal: Principal,
    subject: string,
    leg: Leg,
    inputResponses: unknown,
  ) => Flight
  readonly close: () => void
}

interface Question {
  readonly request: ClientRequest
  readonly answer: (result: JsonObject) => void
}

interface Waiting {
  readonly flight: Flight
  readonly principal: string
  readonly subject: string
  /** Not answered yet, by the keys under which the client knows them. */
  readonly questions: Map<string, Question>
  readonly goOn: (leg: Leg) => void
  readonly cancel: (reason: GatewayError) => void
  timer: NodeJS.Timeout | undefined
}

/** Begins with none. The call itself stays in flight: it has passed the layers once, however often its client is asked. */
export function createParked(): Parked {
  const waiting = new Map<string, Waiting>()

  function begin(
    principal: Principal,
    subject: string,
    first: Leg,
    given: unknown,
    cancel: (reason?: GatewayError) => void,
  ): Flight {
    let leg: Leg | undefined = first
    const answered = new Map(Object.entries(isJsonObject(given) ? given : {}))
    const questions = new Map<string, Question>()
    let over: Stage | undefined
    let wake: ((stage: Stage) => void) | undefined
    let isTelling = false

    /** In the next turn: questions that are asked together go out together. */
    function tell(): void {
      if (isTelling) return
      isTelling = true
      queueMicrotask(() => {
        isTelling = false
        const listener = wake
        if (listener === undefined) return
        if (over !== undefined) {
          wake = undefined
          return listener(over)
        }
        if (questions.size === 0) return
        wake = undefined
        listener(park())
      })
    }

    function park(): Stage {
      if (waiting.size >= MAX_PARKED) {
        const full = new GatewayError(
          'overloaded',
          `${waiting.size} calls wait for answers of their clients.`,
        )
        cancel(full)
        return { error: full }
      }
      // Unguessable, and good for one answer.
      const requestState = randomBytes(24).toString('base64url')
      const goOn = (next: Leg): void => void (leg = next)
      leg = undefined
      const entry: Waiting = {
        flight,
        principal: principal.id,
        subject,
        questions,
        goOn,
        cancel,
        timer: undefined,
      }
      entry.timer = setTimeout(() => {
        waiting.delete(requestState)
        cancel(new GatewayError('call_cancelled', 'The client did not answer.'))
      }, PATIENCE_MS).unref()
      waiting.set(requestState, entry)
      const inputRequests = Object.fromEntries(
        [...questions].map(([key, { request }]) => [key, { method: request.method, params: request.params }]),
      )
      return { inputRequests, requestState }
    }

    const flight: Flight = {
      leg: () => leg,
      cancel: () => cancel(),
      ask: async (requests) => {
        const answers = Object.entries(requests).map(
          ([key, request]) =>
            new Promise<readonly [string, JsonObject]>((resolve) => {
              const early = answered.get(key)
              answered.delete(key)
              if (isJsonObject(early)) return resolve([key, early])
              // Two servers, or two calls of a script, may ask under the same key.
              const free = questions.has(key) ? `${key}-${randomBytes(4).toString('hex')}` : key
              questions.set(free, {
                request,
                answer: (result) => {
                  questions.delete(free)
                  resolve([key, result])
                },
              })
            }),
        )
        tell()
        return Object.fromEntries(await Promise.all(answers))
      },
      next: () =>
        new Promise((resolve) => {
          wake = resolve
          tell()
        }),
      end: (stage) => {
        over ??= stage
        tell()
      },
    }
    return flight
  }

  return {
    begin,
    resume(requestState, principal, subject, leg, inputResponses) {
      const entry = waiting.get(requestState)
      if (entry === undefined || entry.principal !== principal.id || entry.subject !== subject) {
        throw new GatewayError('unknown_state', 'No call waits under this `requestState`.')
      }
      waiting.delete(requestState)
      clearTimeout(entry.timer)
      entry.goOn(leg)
      for (const [key, response] of Object.entries(isJsonObject(inputResponses) ? inputResponses : {})) {
        // What nobody asked for is passed over, and what is missing is asked for again.
        if (isJsonObject(response)) entry.questions.get(key)?.answer(response)
      }
      return entry.flight
    },
    close() {
      for (const { timer, cancel } of waiting.values()) {
        clearTimeout(timer)
        cancel(new GatewayError('shutting_down', 'The gateway is closing.'))
      }
      waiting.clear()
    },
  }
}
