import { createParser } from 'eventsource-parser'
import type { OversizeLine } from '../../frames.ts'

/** Where the events of a stream go. */
export interface EventSink {
  /** A whole event. `name` is `message` where the server gave none. */
  readonly event: (name: string, data: string) => void
  /** An event that was longer than the bound, once it has ended; what is kept of its data. */
  readonly oversize: (event: OversizeLine) => void
  /** So much of one event was dropped that it is not believed to end. Called again for each further chunk. */
  readonly endless: () => void
}

const KEPT_BYTES = 1_024
/** What may be dropped of one event before it counts as endless, bytes. */
const DROPPED_BYTES = 64 * 1_024 * 1_024
const NOTHING = Buffer.alloc(0)
const LF = 10
const CR = 13
const DATA = /(?:^|\n)data: ?/

/**
 * Reads an event stream and never holds more than `maxBytes` of one event: what exceeds the bound is dropped as
 * it arrives, and the events behind it are read as if nothing had been. One answer that is too large costs
 * one call then, and not the stream that all calls share.
 *
 * @param maxBytes The longest event that is delivered, in bytes as they came, field names included.
 * @returns A function that takes the next chunk.
 */
export function createEventReader(maxBytes: number, sink: EventSink): (chunk: Buffer) => void {
  const parser = createParser({ onEvent: ({ event, data }) => sink.event(event ?? 'message', data) })
  // A character may be cut in two by the network.
  let decoder = new TextDecoder()
  const findEnd = createEndFinder()
  let head = NOTHING
  let tail = NOTHING
  let bytes = 0
  let isLost = false

  function take(part: Buffer): void {
    bytes += part.length
    if (head.length < KEPT_BYTES) head = Buffer.concat([head, part.subarray(0, KEPT_BYTES - head.length)])
    // Copies: a view would keep the whole of what is dropped in memory.
    tail = Buffer.from(Buffer.concat([tail, part.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES))
    if (!isLost && bytes <= maxBytes) return parser.feed(decoder.decode(part, { stream: true }))
    if (!isLost) {
      isLost = true
      parser.reset()
      decoder = new TextDecoder()
    }
    if (bytes - maxBytes > DROPPED_BYTES) sink.endless()
  }

  function finish(): void {
    const lost = isLost ? { head: dataOf(head), tail: tail.toString('latin1'), bytes } : undefined
    head = NOTHING
    tail = NOTHING
    bytes = 0
    isLost = false
    if (lost !== undefined) sink.oversize(lost)
  }

  return (chunk) => {
    for (let from = 0; from < chunk.length;) {
      const end = findEnd(chunk, from)
      take(chunk.subarray(from, end ?? chunk.length))
      if (end !== undefined) finish()
      from = end ?? chunk.length
    }
  }
}

function dataOf(head: Buffer): string {
  const text = head.toString('latin1')
  const start = DATA.exec(text)
  return start === null ? text : text.slice(start.index + start[0].length)
}

/** Finds where an event ends: behind the next empty line. Undefined where that is not in this chunk. */
function createEndFinder(): (chunk: Buffer, from: number) => number | undefined {
  let lineIsEmpty = true
  return (chunk, from) => {
    for (let start = from; ;) {
      const end = chunk.indexOf(LF, start)
      const until = end === -1 ? chunk.length : end
      const isEmpty = until === start || (until === start + 1 && chunk[start] === CR)
      if (end === -1) {
        lineIsEmpty &&= isEmpty
        return undefined
      }
      const endsEvent = lineIsEmpty && isEmpty
      lineIsEmpty = true
      if (endsEvent) return end + 1
      start = end + 1
    }
  }
}
