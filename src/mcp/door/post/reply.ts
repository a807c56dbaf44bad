import type { ServerResponse } from 'node:http'

import type { RpcError } from '../../../core/errors.ts'
import type { JsonObject } from '../../../core/json.ts'
import type { Pulse } from './pulse.ts'

/** How often a stream, or an answer that takes long, shows that it is alive, milliseconds. */
export const KEEP_ALIVE_MS = 15_000

/** The answer to one request over HTTP: one JSON body, or, as soon as there is more to say, an event stream. */
export interface HttpReply {
  readonly takesStreams: boolean
  /** Sends a notification. Nothing where the client does not take streams. */
  readonly notify: (method: string, params: JsonObject) => void
  /** Ends the answer. */
  readonly result: (result: object) => void
  /** Ends the answer. */
  readonly error: (error: RpcError) => void
  /** Calls the listener when the connection has ended, or at once where it has. */
  readonly onClose: (listener: () => void) => void
}

/** JSON-RPC errors that have an HTTP status of their own. Source: MCP 2026-07-28, Streamable HTTP, "Sending Messages". */
const STATUSES: Readonly<Record<number, number>> = {
  [-32700]: 400,
  [-32600]: 400,
  [-32601]: 404,
  [-32020]: 400,
  [-32021]: 400,
  [-32022]: 400,
}

/** Begins an answer that has not been begun yet. */
export function createHttpReply(
  response: ServerResponse,
  id: string | number,
  takesStreams: boolean,
  pulse: Pulse,
): HttpReply {
  let isStream = false
  const stopPulse = takesStreams ? pulse.add(keepAlive) : () => {}
  response.once('close', stopPulse)

  function stream(text: string): void {
    if (response.writableEnded || response.destroyed) return
    if (!isStream) {
      isStream = true
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-cache, no-transform',
        'X-Accel-Buffering': 'no',
      })
    }
    response.write(text)
  }

  function keepAlive(): void {
    stream(': keep-alive\n\n')
  }

  function end(status: number, body: object): void {
    stopPulse()
    if (response.writableEnded || response.destroyed) return
    if (!isStream) return sendJson(response, status, body)
    stream(toEvent(body))
    response.end()
  }

  return {
    takesStreams,
    notify(method, params) {
      if (takesStreams) stream(toEvent({ jsonrpc: '2.0', method, params }))
    },
    result: (result) => end(200, { jsonrpc: '2.0', id, result }),
    error: (error) => end(statusOf(error), { jsonrpc: '2.0', id, error }),
    onClose(listener) {
      if (response.destroyed) listener()
      else response.once('close', listener)
    },
  }
}

/** The HTTP status of an error of this era; most errors are answers like others. */
export function statusOf({ code }: RpcError): number {
  return STATUSES[code] ?? 200
}

function toEvent(message: object): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`
}

/** Sends one JSON body with its length. */
export function sendJson(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  })
  // As a string: Node then sends head and body in one write.
  response.end(text)
}

/** Sends a JSON body that is written already. */
export function sendBytes(response: ServerResponse, bytes: Buffer): void {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length })
  response.end(bytes)
}
