import type { JsonObject } from '../../../core/json.ts'
import type { Redactor } from '../../../secrets/redactor.ts'
import { CLOSED_BY_GATEWAY, TransportFault } from '../../transports/port.ts'
import type { Tail } from '../../transports/stdio/tail.ts'
import { createAttempts } from './attempts.ts'
import { backoffMs } from '../wire/backoff.ts'
import { createBoard } from './board.ts'
import type { Board } from './board.ts'
import { listOnChange } from '../lists/changes.ts'
import { describeConnection, openConnection } from '../wire/connection.ts'
import type { Connection } from '../wire/connection.ts'
import { createEraMemory } from '../wire/era.ts'
import { nameIn } from '../wire/greeting.ts'
import { watchHealth } from './health.ts'
import { recallListing, rememberListing } from '../lists/known.ts'
import { listAll } from '../lists/listing.ts'
import type { Listing } from '../lists/listing.ts'
import { createOccupancy } from './occupancy.ts'
import { describeFailure } from '../wire/outage.ts'
import type { UpstreamDeps, UpstreamPlan } from '../../plan.ts'
import { createRetirement } from './retirement.ts'
import type { Retirement } from './retirement.ts'

/** A connection that lived this long ended a row of failures, milliseconds. */
const STABLE_MS = 30_000

/** The connection to one upstream, kept up for as long as the gateway wants it. */
export interface Link {
  readonly board: Pick<Board, 'status' | 'listing' | 'tool' | 'onChange'>
  /** How the connection is, for a person: era, protocolVersion, pid, connectedMs, lastReason, idle. */
  readonly describe: () => JsonObject
  /** Resolves when the first attempt has ended, either way. */
  readonly settled: Promise<void>
  /** Says that somebody is about to use the connection; while that lasts it is not stopped for being idle. */
  readonly hold: () => () => void
  /** The connection, where there is one already: nothing has to be waited for then. */
  readonly current: () => Connection | undefined
  /** Why `use` would reject at once: the last attempt failed just now. Undefined where it would not. */
  readonly refusal: () => TransportFault | undefined
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
  /** Connects once more, for one client, declaring its capabilities. Rejects with a TransportFault. */
  readonly openFor: (capabilities: JsonObject) => Promise<Connection>
  /** Where connections are closed. */
  readonly retirement: Retirement
  readonly close: () => Promise<void>
}

/**
 * Starts connecting at once.
 *
 * @param redactor Takes secrets out of reasons, and out of what the server lists.
 * @param stderr Gets what a process writes there, of one process after the other.
 * @param onConnected Called with each connection that all share, when it is ready.
 */
export function createLink(
  plan: UpstreamPlan,
  deps: UpstreamDeps,
  redactor: Redactor,
  stderr: Tail,
  onConnected: (connection: Connection) => void,
): Link {
  const { clock, log } = deps
  const random = deps.random ?? Math.random
  const eras = createEraMemory(clock)
  const closing = new AbortController()
  const known = recallListing(plan, deps.known)
  const board = createBoard(known)
  let connection: Connection | undefined
  let readyAtMs = 0
  let failures = 0
  let lastReason: string | undefined
  let timer: NodeJS.Timeout | undefined
  let isWanted = plan.start !== 'lazy'
  let resting: Promise<void> | undefined
  const retirement = createRetirement()
  const occupancy = createOccupancy(plan.idleStopMs, rest)
  // Nobody can be handed a connection that is being stopped: this comes before the news of the attempt.
  const attempts = createAttempts(connect, clock, () => (isWanted ? occupancy.touch() : rest()))

  async function connect(): Promise<Connection> {
    clearTimeout(timer)
    let opened: Connection | undefined
    try {
      // Two of them at a time could fight over a lock or a port.
      await resting
      const next = await openConnection(plan, {
        deps,
        eras,
        redact: redactor.text,
        stderr,
        signal: closing.signal,
      })
      opened = next
      listOnChange(next, () => list(next))
      let goneBecause: string | undefined
      void next.exchange.closed.then((reason) => {
        goneBecause = reason
        lose(next, reason, false)
      })
      if (board.adopt(await read(next))) rememberListing(plan, deps.known, board.listing())
      if (goneBecause !== undefined) throw new TransportFault('closed', goneBecause)
      connection = next
      readyAtMs = clock.monotonicMs()
      onConnected(next)
      board.setStatus({ state: 'ready' })
      watchHealth(next, plan, random, occupancy.isHeld, ({ message, untouched }) =>
        lose(next, message, untouched),
      )
      log.info(
        { server: plan.name, era: next.era, tools: board.listing().tools.length },
        'The upstream is ready.',
      )
      if (nameIn(next.exchange.greeting()) === 'isogate')
        log.warn(
          { server: plan.name },
          'The upstream is an Isogate: give it the address of its classic list.',
        )
      return next
    } catch (error) {
      if (opened !== undefined) void retirement.begin(opened)
      const reason = describeFailure(error, redactor.text)
      failed(reason)
      throw new TransportFault('unsent', reason, { cause: error })
    }
  }

  function read(from: Connection): Promise<Listing> {
    return listAll(plan.name, from, board.listing(), plan.timeouts.listMs, closing.signal, redactor.json)
  }

  async function list(from: Connection): Promise<void> {
    try {
      const next = await read(from)
      if (connection !== from || !board.adopt(next)) return
      rememberListing(plan, deps.known, board.listing())
      board.announce()
    } catch (error) {
      log.warn(
        { server: plan.name, reason: redactor.text(String(error)) },
        'What the upstream has could not be listed again.',
      )
    }
  }

  function failed(reason: string): void {
    if (closing.signal.aborted) return
    failures += 1
    lastReason = reason
    const status = board.status()
    const waitMs = backoffMs(failures, random())
    // The same reason at every attempt is one piece of news, not many.
    const isNews = status.state !== 'down' || status.reason !== reason
    const detail = { server: plan.name, reason, retryInMs: Math.round(waitMs) }
    log[isNews ? 'warn' : 'debug'](detail, 'The upstream is down.')
    clearTimeout(timer)
    timer = setTimeout(() => void attempts.start().catch(() => {}), waitMs).unref()
    board.setStatus({ state: 'down', reason })
  }

  function lose(lost: Connection, reason: string, mayRepeat: boolean): void {
    if (connection !== lost) return
    if (mayRepeat) attempts.forget()
    connection = undefined
    void retirement.begin(lost)
    if (clock.monotonicMs() - readyAtMs > STABLE_MS) failures = 0
    failed(reason)
  }

  /** Stops a server that nobody needs at the moment. It stays ready: its tools are listed, and a call starts it. */
  function rest(): void {
    if (connection === undefined || occupancy.isHeld() || closing.signal.aborted) return
    resting = retirement.begin(connection)
    connection = undefined
    log.info({ server: plan.name }, 'The upstream is stopped until it is called.')
  }

  function isResting(): boolean {
    return connection === undefined && attempts.running() === undefined && board.status().state === 'ready'
  }

  function refusal(): TransportFault | undefined {
    if (closing.signal.aborted) return new TransportFault('unsent', CLOSED_BY_GATEWAY)
    const status = board.status()
    const isHopeless = status.state === 'down' && attempts.isFresh()
    return isHopeless ? new TransportFault('unsent', status.reason) : undefined
  }

  // Its tools are known, so nothing need be started to list them.
  const canRest = plan.start === 'lazy' && known !== undefined
  if (canRest) board.setStatus({ state: 'ready' })
  const settled = canRest
    ? Promise.resolve()
    : attempts.start().then(
        () => {},
        () => {},
      )

  return {
    board,
    describe: () => ({
      ...(isResting() ? { idle: true } : {}),
      ...(connection === undefined ? {} : describeConnection(connection, clock.monotonicMs() - readyAtMs)),
      ...(lastReason === undefined ? {} : { lastReason }),
    }),
    settled,
    hold: () => occupancy.hold(),
    refusal,
    current: () => connection,
    use() {
      isWanted = true
      const refused = refusal()
      if (refused !== undefined) return Promise.reject(refused)
      return connection === undefined ? attempts.start() : Promise.resolve(connection)
    },
    lose,
    // Its era is known: it was the reason to ask for one.
    openFor: (capabilities) =>
      openConnection(
        { ...plan, protocol: 'legacy' },
        { deps, eras, redact: redactor.text, stderr, signal: closing.signal, capabilities },
      ),
    retirement,
    async close() {
      closing.abort()
      clearTimeout(timer)
      occupancy.stop()
      board.retire()
      await attempts.running()?.catch(() => {})
      // After the attempt: it may have succeeded just now.
      if (connection !== undefined) void retirement.begin(connection)
      connection = undefined
      if (board.status().state !== 'down') board.setStatus({ state: 'down', reason: CLOSED_BY_GATEWAY })
      await retirement.done()
    },
  }
}
