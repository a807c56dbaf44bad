import type { JSONRPCMessage } from '@modelcontextprotocol/client'
import { keepResultBytes } from '../../raw-result.ts'
import type { StdioPlan, UpstreamLog } from '../../plan.ts'
import { describeEnd, startChild } from './child.ts'
import type { Child } from './child.ts'
import { findCommand } from './command.ts'
import { minimalEnvironment } from './environment.ts'
import { createLineFramer, identifyOversize, parseLine } from '../../frames.ts'
import type { OversizeLine } from '../../frames.ts'
import { later } from '../later.ts'
import { CLOSED_BY_GATEWAY, TransportFault } from '../port.ts'
import type { RequestId, UpstreamTransport } from '../port.ts'
import { STDERR_BYTES, createTail } from './tail.ts'
import type { Tail } from './tail.ts'

/** How long a server has to end by itself after its stdin was closed, milliseconds. */
const GRACE_MS = 1_500
/** How long the rest of stdout is waited for after the process ended, milliseconds. */
const DRAIN_MS = 250
/** What may wait for a server that does not read, bytes. */
const UNREAD_BYTES = 64 * 1_024 * 1_024
/** How much of a line that is no message is looked at, to show the beginning of it. */
const SAMPLE_BYTES = 4_096

/**
 * A child process that speaks JSON-RPC, one message a line, on stdin and stdout.
 *
 * `pid` and `stderr` are there because the SDK knows a pipe by them: on a pipe it takes silence after
 * the probe for a server of the older era, over HTTP for an outage.
 */
export class StdioTransport implements UpstreamTransport {
  readonly shape = 'process'
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  onlife?: () => void
  onfault?: (fault: TransportFault, id?: RequestId) => void
  readonly #plan: StdioPlan
  readonly #log: UpstreamLog
  readonly #redact: (text: string) => string
  readonly #stderr = createTail(STDERR_BYTES)
  readonly #record: Tail | undefined
  #child: Child | undefined
  #alive = false
  #garbage = 0
  #reason: string | undefined
  #intent: string | undefined
  #ended = false
  #closing: Promise<void> | undefined

  /**
   * @param redact Takes secrets out of what is shown of the server's own words.
   * @param record Gets the stderr too. It outlives the process, so that one that crashed can still be read.
   */
  constructor(plan: StdioPlan, log: UpstreamLog, redact: (text: string) => string, record?: Tail) {
    this.#plan = plan
    this.#log = log
    this.#redact = redact
    this.#record = record
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  get stderr(): null {
    return null
  }

  get alive(): boolean {
    return this.#alive
  }

  closeReason(): string | undefined {
    return this.#reason
  }

  /** Starts the process. Rejects with a TransportFault where there is no such command or folder. */
  async start(): Promise<void> {
    const { command, args, cwd, env: added } = this.#plan
    const env = { ...minimalEnvironment(), ...added }
    const found = findCommand(command, env, cwd)
    if ('reason' in found) {
      this.#reason = found.reason
      throw new TransportFault('unsent', found.reason)
    }
    const child = startChild(found.path, args, { env, cwd })
    this.#child = child
    const frame = createLineFramer(this.#plan.limits.maxMessageBytes, {
      line: (bytes) => this.#onLine(bytes),
      oversize: (line) => this.#onOversize(line),
    })
    child.stdout.on('data', (chunk: Buffer) => {
      this.#live()
      frame(chunk)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      this.#live()
      this.#stderr.push(chunk)
      this.#record?.push(chunk)
    })
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {})
    const drained = new Promise<void>((resolve) => child.stdout.once('close', () => resolve()))
    void child.ended.then(async (end) => {
      this.#ended = true
      // What a server wrote just before it ended may still be on its way. Not longer than a moment:
      // a grandchild that holds stdout open would keep it open for ever.
      await Promise.race([drained, later(DRAIN_MS)])
      this.#finish(this.#intent ?? describeEnd(end, this.#stderr.lines(5, this.#redact)))
    })
    // A server that closed its stdout can answer nothing any more, even if it lives on. The moment is for
    // a server that is just ending: its exit code says more.
    void drained.then(async () => {
      await Promise.race([child.ended, later(DRAIN_MS)])
      if (!this.#ended) await this.close('the server closed its output')
    })
  }

  /** Rejects with a TransportFault where the process is gone or has stopped reading. */
  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin
    if (stdin === undefined || this.#reason !== undefined || !stdin.writable) {
      throw new TransportFault('unsent', this.#reason ?? 'the server is not running')
    }
    if (stdin.writableLength > UNREAD_BYTES) {
      throw new TransportFault('unsent', 'the server does not read what it is sent')
    }
    // Not awaited: the bound is the backpressure; a caller's deadline must not wait for a pipe.
    stdin.write(`${JSON.stringify(message)}\n`)
  }

  /** Ends the server and everything that it started. Resolves when they are gone. */
  close(reason = CLOSED_BY_GATEWAY): Promise<void> {
    this.#intent ??= reason
    this.#closing ??= this.#close(reason)
    return this.#closing
  }

  toFault(error: unknown): TransportFault {
    if (error instanceof TransportFault) return error
    const reason = this.#reason
    if (reason !== undefined && reason !== CLOSED_BY_GATEWAY)
      return new TransportFault('closed', reason, { lost: true, cause: error })
    const text = error instanceof Error ? error.message : String(error)
    return new TransportFault('invalid', this.#redact(text).slice(0, 500), { cause: error })
  }

  async #close(reason: string): Promise<void> {
    const child = this.#child
    if (child !== undefined) {
      child.stdin.end()
      await Promise.race([child.ended, later(GRACE_MS)])
      await child.end()
      child.stdin.destroy()
      child.stdout.destroy()
      child.stderr.destroy()
    }
    this.#finish(reason)
  }

  /** Once, whichever way the connection ended. */
  #finish(reason: string): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.onclose?.()
    void this.close(reason)
  }

  #live(): void {
    if (this.#alive) return
    this.#alive = true
    this.onlife?.()
  }

  #onLine(bytes: Buffer): void {
    const messages = parseLine(bytes)
    if (messages === undefined) return this.#onGarbage(bytes)
    try {
      for (const message of messages) {
        keepResultBytes(message, bytes)
        this.onmessage?.(message as unknown as JSONRPCMessage)
      }
    } catch {
      // The attack: a message nested so deep that its reader ends the stack, and from here the gateway.
      this.#onGarbage(bytes)
    }
  }

  /** Banners and debugging output on stdout: counted, noted at each power of ten, and passed over. */
  #onGarbage(bytes: Buffer): void {
    this.#garbage += 1
    if (!Number.isInteger(Math.log10(this.#garbage))) return
    // More than is shown, so that a secret at the end of the sample is a whole one.
    const sample = this.#redact(bytes.subarray(0, SAMPLE_BYTES).toString('utf8')).slice(0, 200)
    this.#log.warn(
      { server: this.#plan.name, lines: this.#garbage, sample },
      'The upstream writes to stdout what is not JSON-RPC.',
    )
  }

  #onOversize(line: OversizeLine): void {
    const limit = this.#plan.limits.maxMessageBytes
    const whose = identifyOversize(line)
    this.#log.warn(
      { server: this.#plan.name, bytes: line.bytes, limit },
      'A message was too large and dropped.',
    )
    if (whose === 'not-an-answer') return
    const fault = new TransportFault(
      'too_large',
      `the message has ${line.bytes} bytes, the limit is ${limit}`,
    )
    this.onfault?.(fault, whose === 'unknown' ? undefined : whose.answer)
  }
}
