import { createParser, type EventSourceParser } from 'eventsource-parser'
import type { Dispatcher } from 'undici'

import { TransportFault } from './port.ts'

/** A POST of one message. */
export interface HotPost {
  readonly origin: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly signal: AbortSignal
  /** The most that is read of one message, bytes. */
  readonly maxBytes: number
  /** Called with the text of each message of the answer, as it comes. */
  readonly onMessage: (text: string) => void
}

/** How a POST was answered. */
export interface HotAnswer {
  readonly status: number
  readonly isStream: boolean
  readonly retryAfter?: string
  /** The body where the status is no success: at most MAX_ERROR_BYTES of it. */
  readonly error?: string
}

const MAX_ERROR_BYTES = 65_536

/**
 * Posts one message over a pooled connection and hands on what comes back, a JSON body or an event stream, without the
 * streams and requests of the web: they cost five times the rest (`npm run bench -- load`).
 *
 * Rejects with a TransportFault `too_large`, with the reason of the signal, or with what undici throws.
 */
export function postHot(dispatcher: Dispatcher, post: HotPost): Promise<HotAnswer> {
  const { origin, path, headers, body, signal, maxBytes } = post
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    // A character may be cut in two by the network.
    const decoder = new TextDecoder()
    let bytes = 0
    let answer: HotAnswer = { status: 0, isStream: false }
    let events: EventSourceParser | undefined
    let abort: ((reason: Error) => void) | undefined
    const onAbort = (): void => {
      const reason = signal.reason instanceof Error ? signal.reason : new Error('aborted')
      abort?.(reason)
      reject(reason)
    }
    /** What the receiver throws is the failure of this post: the body was not what it should be. */
    const deliver = (text: string): void => {
      try {
        post.onMessage(text)
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error))
        abort?.(failure)
        reject(failure)
      }
    }
    const isGood = (): boolean => answer.status >= 200 && answer.status < 300
    const finish = (): void => signal.removeEventListener('abort', onAbort)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    dispatcher.dispatch(
      { origin, path, method: 'POST', headers, body },
      {
        onRequestStart(controller) {
          abort = (reason) => controller.abort(reason)
          if (signal.aborted) onAbort()
        },
        onResponseStart(_controller, status, given) {
          const retryAfter = given['retry-after']
          const isStream = String(given['content-type'] ?? '')
            .toLowerCase()
            .includes('text/event-stream')
          answer = { status, isStream, ...(typeof retryAfter === 'string' ? { retryAfter } : {}) }
          if (!isStream) return
          events = createParser({
            onEvent: ({ data }) => {
              bytes = 0
              if (data !== '') deliver(data)
            },
          })
        },
        onResponseData(controller, chunk) {
          bytes += chunk.length
          if (isGood() && bytes > maxBytes) {
            const what = answer.isStream ? 'one event of the answer' : 'the answer'
            return controller.abort(
              new TransportFault('too_large', `${what} has more than ${maxBytes} bytes`),
            )
          }
          if (events !== undefined && isGood()) events.feed(decoder.decode(chunk, { stream: true }))
          else if (isGood() || bytes <= MAX_ERROR_BYTES) chunks.push(chunk)
        },
        onResponseEnd() {
          finish()
          const text = chunks.length === 0 ? '' : Buffer.concat(chunks).toString('utf8')
          if (!isGood()) return resolve({ ...answer, error: text })
          if (text !== '') deliver(text)
          resolve(answer)
        },
        onResponseError(_controller, error) {
          finish()
          reject(error)
        },
      },
    )
  })
}
