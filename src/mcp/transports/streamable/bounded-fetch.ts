import type { RequestId } from '../port.ts'
import { EXCHANGE_HEADER, TransportFault } from '../port.ts'

/** The part of `fetch` that is used here. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** Called when the answer to an exchange was cut. The id is absent for what the SDK sent by itself. */
export type OnCut = (fault: TransportFault, id: RequestId | undefined) => void

/**
 * Wraps a fetch so that no more than `maxBytes` of one message are ever read: of the whole body, or, in
 * an event stream, of one event.
 *
 * @param maxBytes The bound, in bytes after decompression (a small compressed body may be a bomb).
 * @param onCut Told which exchange lost its answer, before its body fails.
 */
export function createBoundedFetch(base: Fetch, maxBytes: number, onCut: OnCut): Fetch {
  return async (url, init) => {
    const headers = new Headers(init?.headers)
    const id = headers.get(EXCHANGE_HEADER)
    headers.delete(EXCHANGE_HEADER)
    const response = await base(url, { ...init, headers })
    if (response.body === null) return response
    const isStream = (response.headers.get('content-type') ?? '').toLowerCase().includes('text/event-stream')
    const cut = (): TransportFault => {
      const what = isStream ? 'one event of the answer' : 'the answer'
      const fault = new TransportFault('too_large', `${what} has more than ${maxBytes} bytes`)
      onCut(fault, id === null ? undefined : Number(id))
      return fault
    }
    const count = isStream ? createEventCounter() : createBodyCounter()
    const bounded = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          if (count(chunk) > maxBytes) controller.error(cut())
          else controller.enqueue(chunk)
        },
      }),
    )
    return new Response(bounded, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    })
  }
}

function createBodyCounter(): (chunk: Uint8Array) => number {
  let total = 0
  return (chunk) => (total += chunk.length)
}

/** Counts the bytes of the event that is under way; an empty line ends it. Answers the most it has seen. */
function createEventCounter(): (chunk: Uint8Array) => number {
  const LF = 10
  const CR = 13
  let sinceEvent = 0
  let lineIsEmpty = true
  return (chunk) => {
    let most = 0
    let from = 0
    for (;;) {
      const end = chunk.indexOf(LF, from)
      const until = end === -1 ? chunk.length : end + 1
      sinceEvent += until - from
      most = Math.max(most, sinceEvent)
      if (end === -1) {
        lineIsEmpty &&= from === until || (until === from + 1 && chunk[from] === CR)
        return most
      }
      const empty = lineIsEmpty && (end === from || (end === from + 1 && chunk[from] === CR))
      if (empty) sinceEvent = 0
      lineIsEmpty = true
      from = until
    }
  }
}
