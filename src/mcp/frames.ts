import { isJsonObject } from '../core/json.ts'
import type { JsonObject } from '../core/json.ts'

/** What is kept of a line that was too long: enough at both ends to find the id of a JSON-RPC message. */
export interface OversizeLine {
  readonly head: string
  readonly tail: string
  readonly bytes: number
}

/** Where complete lines go. */
export interface LineSink {
  /** A line without its end. Never longer than the bound. */
  readonly line: (bytes: Buffer) => void
  readonly oversize: (line: OversizeLine) => void
}

const KEPT_BYTES = 1_024
const NEWLINE = 10

/**
 * Cuts a stream of bytes into lines and never holds more than `maxBytes` of one.
 *
 * The attack it stops: a server that writes without end and without a newline, until the gateway has
 * no memory left. What exceeds the bound is dropped as it arrives.
 *
 * @param maxBytes The longest line that is delivered, in bytes.
 * @returns A function that takes the next chunk.
 */
export function createLineFramer(maxBytes: number, sink: LineSink): (chunk: Buffer) => void {
  let held: Buffer[] = []
  let heldBytes = 0
  let lost: { head: string; tail: Buffer; bytes: number } | undefined

  function take(part: Buffer): void {
    if (lost !== undefined) {
      lost.bytes += part.length
      lost.tail = lastBytes(lost.tail, part)
      return
    }
    if (heldBytes + part.length <= maxBytes) {
      if (part.length > 0) held.push(part)
      heldBytes += part.length
      return
    }
    const start = Buffer.concat([...held, part])
    lost = {
      head: start.subarray(0, KEPT_BYTES).toString('latin1'),
      // A copy: a view would keep the whole of what is dropped in memory.
      tail: Buffer.from(start.subarray(-KEPT_BYTES)),
      bytes: heldBytes + part.length,
    }
    held = []
    heldBytes = 0
  }

  function finish(): void {
    if (lost === undefined) {
      const line = held.length === 1 ? held[0] : Buffer.concat(held)
      held = []
      heldBytes = 0
      if (line !== undefined && line.length > 0) sink.line(line)
      return
    }
    const line = { head: lost.head, tail: lost.tail.toString('latin1'), bytes: lost.bytes }
    lost = undefined
    sink.oversize(line)
  }

  return (chunk) => {
    let from = 0
    for (;;) {
      const end = chunk.indexOf(NEWLINE, from)
      if (end === -1) break
      take(chunk.subarray(from, end))
      finish()
      from = end + 1
    }
    if (from < chunk.length) take(chunk.subarray(from))
  }
}

function lastBytes(before: Buffer, part: Buffer): Buffer {
  if (part.length >= KEPT_BYTES) return Buffer.from(part.subarray(-KEPT_BYTES))
  return Buffer.from(Buffer.concat([before, part]).subarray(-KEPT_BYTES))
}

// Both patterns are anchored at an end of the line, so that an `"id"` somewhere inside a result is
// never taken for the id of the message. Servers write the id first (after "jsonrpc") or last.
const ID = String.raw`"id"\s*:\s*(-?\d{1,15}|"[^"\\]{0,128}")`
const VERSION = String.raw`"jsonrpc"\s*:\s*"[^"]{0,8}"`
const ID_FIRST = new RegExp(String.raw`^\s*\{\s*(?:${VERSION}\s*,\s*)?${ID}\s*,\s*"(\w+)"`)
const ID_LAST = new RegExp(String.raw`,\s*${ID}\s*(?:,\s*${VERSION}\s*)?\}\s*$`)
const METHOD_FIRST = new RegExp(String.raw`^\s*\{\s*(?:${VERSION}\s*,\s*)?"method"\s*:`)

/**
 * Which message a line was whose middle is lost: an answer with its id, something that is no answer to us
 * (a request or notification of the server), or unknown.
 */
export function identifyOversize(
  line: OversizeLine,
): { readonly answer: string | number } | 'not-an-answer' | 'unknown' {
  if (METHOD_FIRST.test(line.head)) return 'not-an-answer'
  const first = ID_FIRST.exec(line.head)
  if (first !== null) {
    if (first[2] === 'method' || first[2] === 'params') return 'not-an-answer'
    return { answer: parseId(first[1] ?? '') }
  }
  const last = ID_LAST.exec(line.tail)
  return last === null ? 'unknown' : { answer: parseId(last[1] ?? '') }
}

function parseId(text: string): string | number {
  return text.startsWith('"') ? text.slice(1, -1) : Number(text)
}

/**
 * The messages of a line: one, or several where the server sends batches, as 2025-03-26 allowed.
 * Undefined where it is not JSON, or not made of objects. Invalid UTF-8 becomes U+FFFD and is no error.
 */
export function parseLine(bytes: Buffer): readonly JsonObject[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
  const messages: readonly unknown[] = Array.isArray(value) ? value : [value]
  return messages.every(isJsonObject) ? messages : undefined
}
