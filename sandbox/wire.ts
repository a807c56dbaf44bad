/**
 * The messages between the gateway and a cell, and the frames that carry them. Imported by both sides, imports
 * nothing. A message is a small JSON header and any number of parts: long texts (source, arguments, results) travel
 * as parts, so that a JSON text is never wrapped in another.
 *
 * Frame, all integers unsigned 32 bit little endian:
 *   length of what follows | length of the header | header (JSON, UTF-8) | parts (UTF-8), lengths in header.parts
 *
 * Neither side trusts the other's frames more than a stranger's: both decode through `createFrameReader` with a bound
 * and read each member through the checks below.
 */

/** Limits of one run, as they travel to the cell. Times in milliseconds, sizes in bytes of UTF-8. */
export interface WireLimits {
  readonly wallMs: number
  readonly cpuMs: number
  readonly memoryMb: number
  readonly calls: number
  readonly callsPerTool: number
  readonly parallelCalls: number
  readonly codeBytes: number
  readonly logBytes: number
  readonly argumentBytes: number
  readonly resultBytes: number
  readonly valueBytes: number
}

export interface WireUsage {
  readonly wallMs: number
  readonly cpuMs: number
  readonly toolWaitMs: number
  readonly queueWaitMs: number
  readonly calls: number
  readonly logBytes: number
  readonly argumentBytes: number
  readonly resultBytes: number
  readonly memoryBytes: number
}

/** Why a run ended badly, as the cell saw it. The gateway maps it to a code of its error table. */
export type WireFailureKind =
  | 'syntax'
  | 'error'
  | 'timeout'
  | 'cpu'
  | 'memory'
  | 'limit'
  | 'stalled'
  | 'value'
  | 'cancelled'
  | 'suspended'

export interface WireFailure {
  readonly kind: WireFailureKind
  readonly message: string
  readonly line?: number
  readonly column?: number
  readonly excerpt?: string
}

/**
 * From the gateway to a cell. Parts: start: [code], or [code, JSON of the input]; settle: one JSON text per item. `atMs` is what
 * the script's clock shows from then on, in milliseconds since the epoch.
 */
export type HostMessage =
  | {
      readonly type: 'start'
      readonly run: number
      readonly limits: WireLimits
      readonly atMs: number
      readonly seed: number
    }
  | {
      readonly type: 'settle'
      readonly run: number
      readonly atMs: number
      readonly items: readonly WireSettlement[]
    }
  | { readonly type: 'cancel'; readonly run: number }
  /** Ends the run as `suspended`, if it is at rest with exactly so many calls in flight; otherwise it means nothing. */
  | { readonly type: 'suspend'; readonly run: number; readonly calls: number }
  /** Stops the wall clock of the run, or lets it go on. */
  | { readonly type: 'pause'; readonly run: number; readonly isPaused: boolean }
  | { readonly type: 'ping' }

export interface WireSettlement {
  readonly id: number
  /** True: the part is the value. False: the part is a ScriptCallError. */
  readonly ok: boolean
}

/** From a cell to the gateway; `ready` tells how many isolates are warm: at the start,
 * whenever that grows, and in answer to a ping. Parts: calls: one JSON text of arguments per item; done: [value] or none. */
export type CellMessage =
  | { readonly type: 'ready'; readonly warm: number }
  | { readonly type: 'calls'; readonly run: number; readonly items: readonly WireCall[] }
  | { readonly type: 'log'; readonly run: number; readonly level: string; readonly text: string }
  | { readonly type: 'done'; readonly run: number; readonly end: WireEnd }

export interface WireCall {
  readonly id: number
  /** Names the call in its run, the same in each replay. */
  readonly key: string
  readonly server: string
  readonly tool: string
  readonly line?: number
}

export interface WireEnd {
  readonly failure?: WireFailure
  readonly logBytesCut: number
  readonly unawaited: readonly string[]
  readonly usage: WireUsage
}

/** A message with its parts, as it goes into a frame and comes out of one. */
export interface Envelope<Message> {
  readonly message: Message
  readonly parts: readonly string[]
}

/** A frame that breaks the format or the bound. The connection that sent it is of no further use. */
export class FrameError extends Error {
  override readonly name = 'FrameError'
}

const LENGTH_BYTES = 4

/** Encodes one message into one frame. */
export function encodeFrame(message: HostMessage | CellMessage, parts: readonly string[] = []): Uint8Array {
  const lengths = parts.map((part) => Buffer.byteLength(part))
  const header = Buffer.from(JSON.stringify({ message, parts: lengths }))
  const bodyBytes = LENGTH_BYTES + header.length + lengths.reduce((sum, length) => sum + length, 0)
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + bodyBytes)
  frame.writeUInt32LE(bodyBytes, 0)
  frame.writeUInt32LE(header.length, LENGTH_BYTES)
  let offset = header.copy(frame, 2 * LENGTH_BYTES) + 2 * LENGTH_BYTES
  for (const part of parts) offset += frame.write(part, offset)
  return frame
}

/**
 * Collects bytes and gives out whole messages. A frame longer than `maxFrameBytes` is refused by its length field,
 * before anything of it is kept.
 *
 * @throws FrameError from the returned function
 */
export function createFrameReader(maxFrameBytes: number): (chunk: Buffer) => Envelope<unknown>[] {
  let chunks: Buffer[] = []
  let buffered = 0
  let wanted = LENGTH_BYTES
  return (chunk) => {
    chunks.push(chunk)
    buffered += chunk.length
    if (buffered < wanted) return []
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks, buffered)
    const envelopes: Envelope<unknown>[] = []
    for (;;) {
      wanted = LENGTH_BYTES
      if (bytes.length < wanted) break
      const bodyBytes = bytes.readUInt32LE(0)
      if (bodyBytes > maxFrameBytes) throw new FrameError(`frame of ${bodyBytes} bytes`)
      wanted = LENGTH_BYTES + bodyBytes
      if (bytes.length < wanted) break
      envelopes.push(decodeBody(bytes.subarray(LENGTH_BYTES, wanted)))
      bytes = bytes.subarray(wanted)
    }
    chunks = bytes.length === 0 ? [] : [bytes]
    buffered = bytes.length
    return envelopes
  }
}

function decodeBody(body: Buffer): Envelope<unknown> {
  if (body.length < LENGTH_BYTES) throw new FrameError('frame without a header')
  const headerEnd = LENGTH_BYTES + body.readUInt32LE(0)
  if (headerEnd > body.length) throw new FrameError('header longer than its frame')
  const header = parseHeader(body.toString('utf8', LENGTH_BYTES, headerEnd))
  const parts: string[] = []
  let offset = headerEnd
  for (const length of header.parts) {
    if (offset + length > body.length) throw new FrameError('parts longer than their frame')
    parts.push(body.toString('utf8', offset, offset + length))
    offset += length
  }
  return { message: header.message, parts }
}

function parseHeader(text: string): { message: unknown; parts: number[] } {
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch {
    throw new FrameError('header is not JSON')
  }
  if (!isRecord(header) || !Array.isArray(header['parts'])) throw new FrameError('header without parts')
  const parts = header['parts'].filter(isSize)
  if (parts.length !== header['parts'].length) throw new FrameError('a length of a part is not a size')
  return { message: header['message'], parts }
}

/** True for an object that may be read member by member. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True for a whole number that can be an id, a count or a size. */
export function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
