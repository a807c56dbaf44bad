import type { ServerResponse } from 'node:http'

import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'

/** What one event stream may take. */
export interface SseStreamLimits {
  /** Requests under way. */
  readonly maxRequests: number
  /** Bodies of the requests under way, together, bytes. */
  readonly maxHeldBytes: number
  /** What may wait for a client that does not read, bytes. */
  readonly maxUnreadBytes: number
}

/**
 * One event stream to a client of 2024-11-05, as the SDK's server knows a transport: what the server says goes out here, and
 * what the client says comes in by POST.
 *
 * A POST is answered before the request is, so nothing but these limits keeps a client from having any number of
 * requests under way.
 */
export class SseStream implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly sessionId: string
  readonly #response: ServerResponse
  readonly #endpoint: string
  readonly #limits: SseStreamLimits
  /** Ids of the requests under way, with the size of each. */
  readonly #requests = new Map<string | number, number>()
  #heldBytes = 0
  #fullTicks = 0
  #isOpen = false
  #isEnded = false

  /** @param endpoint Where the client posts its messages, with the session's id. */
  constructor(response: ServerResponse, sessionId: string, endpoint: string, limits: SseStreamLimits) {
    this.#response = response
    this.sessionId = sessionId
    this.#endpoint = endpoint
    this.#limits = limits
    response.once('close', () => this.#end())
    response.on('error', () => this.#end())
  }

  /** True from the first event to the last: messages are taken. */
  get isOpen(): boolean {
    return this.#isOpen && !this.#isEnded
  }

  /** Begins the stream with its endpoint. */
  start(): Promise<void> {
    if (this.#isEnded || this.#response.destroyed) return Promise.reject(new Error('the client went away'))
    this.#response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      Connection: 'keep-alive',
      // Some proxies hold a stream back until they have enough of it.
      'X-Accel-Buffering': 'no',
    })
    this.#response.write(`event: endpoint\ndata: ${this.#endpoint}\n\n`)
    this.#isOpen = true
    return Promise.resolve()
  }

  /** Never waits: the bound is the backpressure, and a client that does not read is left. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (!('method' in message) && message.id !== undefined) this.#forget(message.id)
    if (!this.isOpen) throw new Error('the event stream has ended')
    if (this.#response.writableLength > this.#limits.maxUnreadBytes) {
      this.#response.destroy()
      throw new Error('the client does not read what it is sent')
    }
    this.#response.write(`event: message\ndata: ${JSON.stringify(message)}\n\n`)
  }

  /** Ends the stream. What a client has not read yet is lost where it does not read. */
  close(): Promise<void> {
    if (this.#response.writableNeedDrain || !this.#response.headersSent) this.#response.destroy()
    else this.#response.end()
    this.#end()
    return Promise.resolve()
  }

  /**
   * Takes a message of the client.
   *
   * @param bytes Its size, held for as long as it is under way.
   * @returns false where too much is under way already
   */
  receive(message: JSONRPCMessage, bytes: number): boolean {
    if ('method' in message && 'id' in message) {
      const { maxRequests, maxHeldBytes } = this.#limits
      if (this.#requests.size >= maxRequests || this.#heldBytes + bytes > maxHeldBytes) return false
      this.#forget(message.id)
      this.#requests.set(message.id, bytes)
      this.#heldBytes += bytes
    } else if ('method' in message && message.method === 'notifications/cancelled') {
      // What is cancelled is never answered.
      const id: unknown = message.params?.['requestId']
      if (typeof id === 'string' || typeof id === 'number') this.#forget(id)
    }
    try {
      this.onmessage?.(message)
    } catch (error) {
      if ('id' in message && message.id !== undefined) this.#forget(message.id)
      throw error
    }
    return true
  }

  /**
   * Keeps the stream alive, against proxies that end quiet connections. Where nothing was read since so many
   * ticks, the client is left.
   */
  tick(maxFullTicks: number): void {
    if (!this.isOpen) return
    this.#fullTicks = this.#response.writableNeedDrain ? this.#fullTicks + 1 : 0
    if (this.#fullTicks > maxFullTicks) this.#response.destroy()
    else if (this.#fullTicks === 0) this.#response.write(': keep-alive\n\n')
  }

  #forget(id: string | number): void {
    this.#heldBytes -= this.#requests.get(id) ?? 0
    this.#requests.delete(id)
  }

  /** Once, whichever way the stream ended. The SDK's server then ends the requests under way. */
  #end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#requests.clear()
    this.onclose?.()
  }
}
