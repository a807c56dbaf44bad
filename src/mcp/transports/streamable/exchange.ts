import { createParser } from 'eventsource-parser'
import type { Dispatcher } from 'undici'

import { TransportFault } from '../port.ts'

/** One HTTP request, to the origin that the dispatcher is for, whose answer is messages: a JSON body, or an event stream. */
export interface HttpExchange {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Posted. Absent: the request is a GET. */
  readonly body?: string
  readonly signal: AbortSignal | undefined
  /** The most that is read of one message, bytes. */
  readonly maxBytes: number
  /** Called with the text of each message of the answer, as it comes, and with its bytes where it is the whole answer. */
  readonly onMessage: (text: string, bytes?: Buffer) => void
}

/** How it was answered. */
export interface HttpAnswer {
  readonly status: number
  readonly isStream: boolean
  readonly retryAfter?: string
  /** The id of the last event, where the stream has ids: it can be taken up again behind it. */
  readonly lastEventId?: string
  /** How long the server asks to wait before that, milliseconds. */
  readonly retryMs?: number
  /** The body where the status is no success: at most MAX_ERROR_BYTES of it. */
  readonly error?: string
  /** Why an event stream broke off. */
  readonly broken?: Error
}

const MAX_ERROR_BYTES = 65_536

/**
 * Makes one request over a pooled connection and hands on what comes back, without the streams and requests of the web:
 * they cost five times the rest (`npm run bench -- load`).
 *
 * Rejects with a TransportFault `too_large`, with the reason of the signal, or with what undici throws before an answer has
 * begun. A stream that breaks off resolves, with what is needed to take it up again.
 */
export function exchangeHttp(dispatcher: Dispatcher, request: HttpExchange): Promise<HttpAnswer> {
  const { path, headers, body, signal, maxBytes } = request
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    let answer: HttpAnswer = { status: 0, isStream: false }
    let events: ((chunk: Buffer) => void) | undefined
    let abort: ((reason: Error) => void) | undefined
    const onAbort = (): void => fail(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
    const fail = (reason: Error): void => {
      reject(reason)
      abort?.(reason)
    }
    /** What the receiver throws is the failure of this exchange: the body was not what it should be. */
    const deliver = (text: string, whole?: Buffer): void => {
      try {
        request.onMessage(text, whole)
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)))
      }
    }
    const isGood = (): boolean => answer.status >= 200 && answer.status < 300
    const finish = (): void => signal?.removeEventListener('abort', onAbort)
    if (signal?.aborted === true) return onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    dispatcher.dispatch(
      { path, method: body === undefined ? 'GET' : 'POST', headers, body: body ?? null },
      {
        onRequestStart(controller) {
          abort = (reason) => controller.abort(reason)
          if (signal?.aborted === true) onAbort()
        },
        onResponseStart(_controller, status, given) {
          const retryAfter = given['retry-after']
          const isStream = String(given['content-type'] ?? '')
            .toLowerCase()
            .includes('text/event-stream')
          answer = { status, isStream, ...(typeof retryAfter === 'string' ? { retryAfter } : {}) }
          if (!isStream) return
          events = createEventReader(
            (data, id) => {
              bytes = 0
              if (id !== undefined) answer = { ...answer, lastEventId: id }
              if (data !== '') deliver(data)
            },
            (retryMs) => (answer = { ...answer, retryMs }),
          )
        },
        onResponseData(controller, chunk) {
          bytes += chunk.length
          if (isGood() && bytes > maxBytes) {
            const what = answer.isStream ? 'one event of the answer' : 'the answer'
            const fault = new TransportFault('too_large', `${what} has more than ${maxBytes} bytes`)
            reject(fault)
            return controller.abort(fault)
          }
          if (events !== undefined && isGood()) events(chunk)
          else if (isGood() || bytes <= MAX_ERROR_BYTES) chunks.push(chunk)
        },
        onResponseEnd() {
          finish()
          const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
          const text = whole.toString('utf8')
          if (!isGood()) return resolve({ ...answer, error: text })
          if (text !== '') deliver(text, whole)
          resolve(answer)
        },
        onResponseError(_controller, error) {
          finish()
          if (answer.isStream && isGood()) resolve({ ...answer, broken: error })
          else reject(error)
        },
      },
    )
  })
}

function createEventReader(
  onMessage: (data: string, id: string | undefined) => void,
  onRetry: (retryMs: number) => void,
): (chunk: Buffer) => void {
  // A character may be cut in two by the network.
  const decoder = new TextDecoder()
  const parser = createParser({
    onEvent: ({ id, data, event }) => {
      const isMessage = event === undefined || event === 'message'
      onMessage(isMessage ? data : '', id === '' ? undefined : id)
    },
    onRetry,
  })
  return (chunk) => parser.feed(decoder.decode(chunk, { stream: true }))
}
