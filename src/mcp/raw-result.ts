import { isJsonObject, type JsonObject } from '../core/json.ts'

/**
 * A result as it came: a door that answers with the same result need not write it anew, which for a large one
 * is most of what a call costs. It belongs to one object and to no copy of it: whoever changes a result makes another object,
 * and that has none.
 */
const WRITTEN: unique symbol = Symbol('written')

/** A result as its server wrote it. */
export interface WrittenResult {
  readonly bytes: Buffer
  /** True where it has the `resultType` that 2026-07-28 wants, false where it has none. */
  readonly isModern: boolean
}

/** Before the result, where a message is written as nearly all servers write it. */
const HEAD = /^\s*\{\s*"jsonrpc"\s*:\s*"2\.0"\s*,\s*"id"\s*:\s*\d{1,15}\s*,\s*"result"\s*:\s*/
const HEAD_BYTES = 128
/** Below this it is not worth the search. */
const MIN_BYTES = 2_048

const [QUOTE, BACKSLASH, SPACE, OPEN, CLOSE] = [0x22, 0x5c, 0x20, 0x7b, 0x7d]
const [OPEN_LIST, CLOSE_LIST] = [0x5b, 0x5d]

/** Remembers the bytes of the result of a message, where it can be told for sure where they begin and end. */
export function keepResultBytes(message: JsonObject, bytes: Buffer): void {
  const { result } = message
  if (bytes.length < MIN_BYTES || !isJsonObject(result)) return
  const { resultType } = result
  if (resultType !== undefined && resultType !== 'complete') return
  const found = resultBytes(bytes)
  if (found !== undefined) keep(result, { bytes: found, isModern: resultType !== undefined })
}

/** A result as its server wrote it; undefined where that is not known, or where the object stands for another one. */
export function writtenOf(result: object): WrittenResult | undefined {
  return (result as { [WRITTEN]?: WrittenResult })[WRITTEN]
}

/** Hands on how a result was written to another object that stands for exactly the same. */
export function handOnWritten<T extends object>(from: object, to: T): T {
  const written = writtenOf(from)
  if (written !== undefined) keep(to, written)
  return to
}

function keep(object: object, value: WrittenResult): void {
  // Not enumerable: a copy with something changed must not carry it.
  Object.defineProperty(object, WRITTEN, { value, enumerable: false })
}

function resultBytes(bytes: Buffer): Buffer | undefined {
  const head = HEAD.exec(bytes.toString('latin1', 0, HEAD_BYTES))?.[0]
  if (head === undefined) return undefined
  let end = bytes.length
  while (end > 0 && (bytes[end - 1] ?? 0) <= SPACE) end -= 1
  end -= 1
  while (end > 0 && (bytes[end - 1] ?? 0) <= SPACE) end -= 1
  const result = bytes.subarray(head.length, end)
  return isOneObject(result) ? result : undefined
}

/**
 * True where the bytes, a part of valid JSON, are one object and nothing behind it. The attack it stops: a second `result` or
 * `id` behind the first, of which one reader takes the first and another the last.
 */
function isOneObject(bytes: Buffer): boolean {
  if (bytes[0] !== OPEN || bytes.at(-1) !== CLOSE) return false
  let depth = 0
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index]
    if (byte === QUOTE) {
      index += 1
      while (bytes[index] !== QUOTE && index < bytes.length) index += bytes[index] === BACKSLASH ? 2 : 1
    } else if (byte === OPEN || byte === OPEN_LIST) depth += 1
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth -= 1
      if (depth === 0) return index === bytes.length - 1
    }
  }
  return false
}
