import type { AuditBody, AuditDurability } from '../core/audit.ts'
import { GatewayError } from '../core/errors.ts'
import { within } from '../core/within.ts'
import { createBacklog, type BacklogBounds, type Waiting } from './backlog.ts'

/** One append: large enough for every request of a busy moment, small enough to be over soon. */
const BATCH_EVENTS = 512
const BATCH_CHARACTERS = 2_000_000
/** How long a noted event waits for others. An append takes a few milliseconds, so that it is on the disk within 50 ms. */
const NOTE_DELAY_MS = 15
const FIRST_PAUSE_MS = 25
const LONGEST_PAUSE_MS = 2_000

const BOUNDS: WriterBounds = { events: 10_000, characters: 16_000_000, patienceMs: 2_000, closeMs: 5_000 }

export interface WriterBounds extends BacklogBounds {
  /** How long a failing store is waited for before those who wait are told. */
  readonly patienceMs: number
  /** How long what is left is tried to be written at the end. */
  readonly closeMs: number
}

export interface WriterPorts {
  /** Appends to the chain; resolves when it is on the disk, and then never leads to the same events again. */
  readonly append: (bodies: readonly AuditBody[]) => Promise<void>
  /** Told of each failure. */
  readonly onFault: (error: unknown) => void
  /** Told how many events there was no room for, when there is room again. */
  readonly onLost: (count: number) => void
  readonly bounds?: Partial<WriterBounds>
}

export interface Writer {
  readonly note: (body: AuditBody) => void
  readonly record: (body: AuditBody) => Promise<void>
  readonly requireReady: (durability: AuditDurability) => void
  /** To be called once. */
  readonly close: () => Promise<void>
}

/**
 * Writes events in their order, with one append in flight: what comes meanwhile goes with the next one, so that the disk is waited for once for
 * all of them (group commit). An append that fails is tried again until it succeeds. After `patienceMs` those who wait are told
 * `audit_unavailable`, and whoever comes later at once, until an append has succeeded; their events are kept nevertheless, because what they
 * tell has happened. An append whose answer was lost is written twice rather than never.
 */
export function createWriter({ append, onFault, onLost, bounds }: WriterPorts): Writer {
  const { patienceMs, closeMs, ...room } = { ...BOUNDS, ...bounds }
  const backlog = createBacklog(room)
  let writing: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let soon: NodeJS.Immediate | undefined
  let isOut = false
  let isClosing = false
  let hasGivenUp = false
  let lost = 0
  let inFlight: readonly Waiting[] = []
  let wake: () => void = () => {}

  const tellAll = (why: string, cause?: unknown): void => {
    const own = inFlight.flatMap(({ waiter }) => (waiter === undefined ? [] : [waiter]))
    for (const one of inFlight) one.waiter = undefined
    for (const waiter of [...own, ...backlog.release()]) waiter.reject(unavailable(why, cause))
  }

  const writeBatch = async (): Promise<void> => {
    inFlight = backlog.take(BATCH_EVENTS, BATCH_CHARACTERS)
    const bodies = inFlight.map(({ body }) => body)
    let cause: unknown
    const patience = setTimeout(() => {
      isOut = true
      cause ??= new Error('The store does not answer.')
      onFault(cause)
      tellAll('It could not be written in time.', cause)
    }, patienceMs)
    try {
      for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
        try {
          await append(bodies)
          break
        } catch (error) {
          cause = error
          onFault(error)
        }
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, isClosing ? FIRST_PAUSE_MS : pauseMs).unref()
        })
        if (hasGivenUp) return
      }
    } finally {
      clearTimeout(patience)
    }
    isOut = false
    backlog.settle(inFlight)
    for (const { waiter } of inFlight) waiter?.resolve()
    inFlight = []
  }

  /** Noted events alone wait a little for others, so that a steady trickle of them does not become an append each. */
  const hasMore = (): boolean =>
    !hasGivenUp &&
    backlog.length() > 0 &&
    (isClosing || backlog.isAwaited() || backlog.length() >= BATCH_EVENTS)

  const writeAll = async (): Promise<void> => {
    do {
      await writeBatch()
      if (lost > 0 && !hasGivenUp) {
        const count = lost
        lost = 0
        onLost(count)
      }
    } while (hasMore())
    writing = undefined
    if (backlog.length() > 0) later()
  }

  const start = (): void => {
    clearTimeout(timer)
    clearImmediate(soon)
    timer = undefined
    soon = undefined
    if (backlog.length() > 0) writing ??= writeAll()
  }

  const later = (): void => {
    if (writing === undefined) timer ??= setTimeout(start, NOTE_DELAY_MS)
  }

  return {
    note(body) {
      if (isClosing) onFault(unavailable('An event came after the end, and is not written.'))
      else if (backlog.add({ body, waiter: undefined })) later()
      else lost += 1
    },

    record(body) {
      const waiter = isOut ? undefined : Promise.withResolvers<void>()
      if (isClosing) return Promise.reject(unavailable('The gateway is shutting down.'))
      if (!backlog.add({ body, waiter })) return Promise.reject(unavailable('Too much waits to be written.'))
      // Not at once: other requests of the same turn of the event loop go with the same append.
      if (writing === undefined) soon ??= setImmediate(start)
      return waiter?.promise ?? Promise.reject(unavailable('The store cannot be written at the moment.'))
    },

    requireReady(durability) {
      if (isClosing) throw unavailable('The gateway is shutting down.')
      if (isOut && durability === 'strict') throw unavailable('The store cannot be written at the moment.')
      if (backlog.isFull()) throw unavailable('Too much waits to be written.')
    },

    async close() {
      isClosing = true
      wake()
      start()
      await within(writing ?? Promise.resolve(), closeMs)
      hasGivenUp = true
      wake()
      const left = backlog.length() + inFlight.length + lost
      tellAll('The gateway is shutting down.')
      if (left > 0) onFault(unavailable(`The gateway ends, and ${left} events could not be written.`))
    },
  }
}

/** What it was is for the log: the caller is not told where the store is. */
function unavailable(why: string, cause?: unknown): GatewayError {
  return new GatewayError('audit_unavailable', why, cause === undefined ? {} : { cause })
}
