import type { Readable, Writable } from 'node:stream'

import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'

/** One side of a JSON-RPC connection over a pair of streams, framed by `Content-Length` as in the Language Server Protocol. */
export interface RpcLink {
  /** Rejects with the other side's error, or when the link ends. */
  readonly request: (method: string, params: Json) => Promise<Json>
  /** Rejects all that is asked. */
  readonly end: (reason: string) => void
}

const SEPARATOR = Buffer.from('\r\n\r\n')
/** A header of one field; more than this before the separator is no header. */
const MAX_HEADER_BYTES = 256

/**
 * Speaks JSON-RPC 2.0. What the other side asks is answered by `answer`; what breaks the frame or is too large ends the
 * link with `broken`.
 */
export function createRpcLink(
  streams: { readonly input: Readable; readonly output: Writable },
  answer: (method: string, params: Json) => Json,
  maxMessageBytes: number,
  broken: () => void,
): RpcLink {
  const pending = new Map<number, { resolve: (result: Json) => void; reject: (error: Error) => void }>()
  let chunks: Buffer[] = []
  let bytes = 0
  let wanted: number | undefined
  let lastId = 0

  const send = (message: JsonObject): void => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message })
    streams.output.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  }
  const receive = (message: Json): void => {
    if (!isJsonObject(message)) return broken()
    const { id, method, params } = message
    if (typeof method === 'string') {
      const result = answer(method, params ?? null)
      if (id !== undefined) send({ id, result })
      return
    }
    const waiting = typeof id === 'number' ? pending.get(id) : undefined
    if (typeof id !== 'number' || waiting === undefined) return
    pending.delete(id)
    if (message['error'] === undefined) waiting.resolve(message['result'] ?? null)
    else waiting.reject(new Error('The compiler refused a request.'))
  }
  /** Takes the next whole message; false where more bytes are needed. */
  const takeMessage = (): boolean => {
    let buffer = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, bytes)
    chunks = [buffer]
    if (wanted === undefined) {
      const end = buffer.indexOf(SEPARATOR)
      if (end < 0 && bytes <= MAX_HEADER_BYTES) return false
      const length = /^Content-Length: (\d{1,10})$/im.exec(
        buffer.toString('latin1', 0, Math.max(0, end)),
      )?.[1]
      if (length === undefined || Number(length) > maxMessageBytes) throw new Error('No frame.')
      wanted = Number(length)
      buffer = buffer.subarray(end + SEPARATOR.length)
      chunks = [buffer]
      bytes = buffer.length
    }
    if (bytes < wanted) return false
    const body = buffer.toString('utf8', 0, wanted)
    const rest = buffer.subarray(wanted)
    chunks = [rest]
    bytes = rest.length
    wanted = undefined
    receive(JSON.parse(body) as Json)
    return true
  }

  streams.input.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    // Chunks are joined only when a message is complete: a large one costs its size once.
    if (wanted !== undefined && bytes < wanted) return
    try {
      while (takeMessage());
    } catch {
      broken()
    }
  })
  return {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        lastId += 1
        pending.set(lastId, { resolve, reject })
        send({ id: lastId, method, params })
      }),
    end: (reason) => {
      for (const { reject } of pending.values()) reject(new Error(reason))
      pending.clear()
    },
  }
}
