import type { BackendStatus } from '../../core/ports.ts'
import type { ToolSpec } from '../../core/tool.ts'
import { CLOSED_BY_GATEWAY, TransportFault } from '../transports/port.ts'
import { BACKOFF_MIN_MS, backoffMs } from './backoff.ts'
import { watchToolChanges } from './changes.ts'
import { openConnection } from './connection.ts'
import type { Connection } from './connection.ts'
import { createEraMemory } from './era.ts'
import { listTools } from './listing.ts'
import type { Listing } from './listing.ts'
import type { UpstreamDeps, UpstreamPlan } from './plan.ts'
import { createThrottle } from './throttle.ts'

/** The shortest time between two lists, milliseconds. */
const RELIST_MS = 1_000
/** A connection that lived this long ended a row of failures, milliseconds. */
const STABLE_MS = 30_000

/** The connection to one upstream, kept up for as long as the gateway wants it. */
export interface Link {
  readonly status: () => BackendStatus
  readonly listing: () => Listing
  readonly tool: (name: string) => ToolSpec | undefined
  readonly onChange: (listener: () => void) => () => void
  /** Resolves when the first attempt has ended, either way. */
  readonly settled: Promise<void>
  /**
   * The connection. Where there is none: waits for the attempt under way, or makes one if the last is older
   * than the shortest backoff. Rejects with a TransportFault that carries the reason.
   */
  readonly use: () => Promise<Connection>
  /**
   * Tells that a connection turned out to be dead. `mayRepeat`: the caller is about to send again what the
   * upstream has not touched, so the next attempt need not wait for the shortest backoff.
   */
  readonly lose: (connection: Connection, reason: string, mayRepeat: boolean) => void
  readonly close: () => Promise<void>
}

/** Starts connecting at once. `redact` takes secrets out of reasons. */
export function createLink(plan: UpstreamPlan, deps: UpstreamDeps, redact: (text: string) => string): Link {
  const { clock, log } = deps
  const random = deps.random ?? Math.random
  const eras = createEraMemory(clock)
  const closing = new AbortController()
  const listeners = new Set<() => void>()
  let status: BackendStatus = { state: 'starting' }
  let listing: Listing = { tools: [], quarantined: [] }
  let byName = new Map<string, ToolSpec>()
  let connection: Connection | undefined
  let attempt: Promise<Connection> | undefined
  let attemptEndedMs = 0
  let readyAtMs = 0
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  const retired = new Set<Promise<void>>()

  function announce(): void {
    // A copy: a listener may stop listening, or begin anew.
    for (const listener of Array.from(listeners)) listener()
  }

  function setStatus(next: BackendStatus): void {
    status = next
    announce()
  }

  function adopt(next: Listing): boolean {
    if (isSame(listing, next)) return false
    listing = next
    byName = new Map(next.tools.map((tool) => [tool.ref.name, tool]))
    return true
  }

  /** One attempt at a time, whoever asks for it. */
  function connect(): Promise<Connection> {
    if (attempt !== undefined) return attempt
    clearTimeout(timer)
    const running = connectOnce().finally(() => {
      attempt = undefined
      attemptEndedMs = clock.monotonicMs()
    })
    attempt = running
    return running
  }

  async function connectOnce(): Promise<Connection> {
    let opened: Connection | undefined
    try {
      const next = await openConnection(plan, { deps, eras, redact, signal: closing.signal })
      opened = next
      const relist = createThrottle(() => list(next), RELIST_MS)
      const stopWatching = watchToolChanges(next, relist.trigger)
      let goneBecause: string | undefined
      void next.exchange.closed.then((reason) => {
        goneBecause = reason
        relist.stop()
        stopWatching()
        lose(next, reason, false)
      })
      adopt(await listTools(plan.name, next.exchange, plan.timeouts.listMs, closing.signal))
      if (goneBecause !== undefined) throw new TransportFault('closed', goneBecause)
      connection = next
      readyAtMs = clock.monotonicMs()
      setStatus({ state: 'ready' })
      log.info({ server: plan.name, era: next.era, tools: listing.tools.length }, 'The upstream is ready.')
      return next
    } catch (error) {
      if (opened !== undefined) retire(opened)
      const fault =
        error instanceof TransportFault
          ? error
          : new TransportFault('invalid', 'unexpected failure', { cause: error })
      const reason =
        fault.rpc === undefined ? fault.message : redact(`${fault.message}: ${fault.rpc.message}`)
      failed(reason)
      throw new TransportFault('unsent', reason, { cause: error })
    }
  }

  async function list(from: Connection): Promise<void> {
    try {
      const next = await listTools(plan.name, from.exchange, plan.timeouts.listMs, closing.signal)
      if (connection === from && adopt(next)) announce()
    } catch (error) {
      log.warn({ server: plan.name, reason: redact(String(error)) }, 'The tools could not be listed again.')
    }
  }

  function failed(reason: string): void {
    if (closing.signal.aborted) return
    failures += 1
    const waitMs = backoffMs(failures, random())
    // The same reason at every attempt is one piece of news, not many.
    const isNews = status.state !== 'down' || status.reason !== reason
    const detail = { server: plan.name, reason, retryInMs: Math.round(waitMs) }
    log[isNews ? 'warn' : 'debug'](detail, 'The upstream is down.')
    clearTimeout(timer)
    timer = setTimeout(() => void connect().catch(() => {}), waitMs).unref()
    setStatus({ state: 'down', reason })
  }

  function lose(lost: Connection, reason: string, mayRepeat: boolean): void {
    if (connection !== lost) return
    if (mayRepeat) attemptEndedMs = -Infinity
    connection = undefined
    retire(lost)
    if (clock.monotonicMs() - readyAtMs > STABLE_MS) failures = 0
    failed(reason)
  }

  /** Remembered until it is done: close waits for it, so that no process is left behind. */
  function retire(old: Connection): void {
    const done = old.close().catch(() => {})
    retired.add(done)
    void done.then(() => retired.delete(done))
  }

  const settled = connect().then(
    () => {},
    () => {},
  )

  return {
    status: () => status,
    listing: () => listing,
    tool: (name) => byName.get(name),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    settled,
    use() {
      if (closing.signal.aborted) return Promise.reject(new TransportFault('unsent', CLOSED_BY_GATEWAY))
      if (connection !== undefined) return Promise.resolve(connection)
      const isFresh = attempt === undefined && clock.monotonicMs() - attemptEndedMs < BACKOFF_MIN_MS
      if (isFresh && status.state === 'down') {
        return Promise.reject(new TransportFault('unsent', status.reason))
      }
      return connect()
    },
    lose,
    async close() {
      closing.abort()
      clearTimeout(timer)
      listeners.clear()
      await attempt?.catch(() => {})
      // After the attempt: it may have succeeded just now.
      if (connection !== undefined) retire(connection)
      connection = undefined
      if (status.state !== 'down') status = { state: 'down', reason: CLOSED_BY_GATEWAY }
      await Promise.all(retired)
    },
  }
}

function isSame(a: Listing, b: Listing): boolean {
  if (a.tools.length !== b.tools.length || a.quarantined.length !== b.quarantined.length) return false
  const text = (listing: Listing): string =>
    JSON.stringify([listing.tools.map((tool) => tool.definition), listing.quarantined])
  return text(a) === text(b)
}
