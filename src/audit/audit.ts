import type { Audit, AuditEvent, AuditStore } from '../core/audit.ts'
import type { ErrorCode } from '../core/error-table.ts'
import { GatewayError } from '../core/errors.ts'
import type { Clock, NewId } from '../core/ports.ts'
import { within } from '../core/within.ts'
import type { AnchorFile } from './anchor.ts'
import { toBody } from './event-text.ts'
import { createHead } from './head.ts'
import type { SigningKey } from './signing-key.ts'
import { createWriter, type WriterBounds } from './writer.ts'

/** Where a disk fails every append does: whoever listens is told once in a while. */
const REPORT_EVERY_MS = 60_000
/** The last signature does not hold up the end for longer. */
const SIGN_MS = 2_000

/** The chain is broken; events are lost. */
const ALARMS: readonly ErrorCode[] = ['audit_broken', 'audit_unavailable']

export interface AuditSettings {
  /** A checkpoint is signed after so many rows. */
  readonly checkpointRows: number
  /** And after so many milliseconds, where there are new rows. */
  readonly checkpointMs: number
}

export interface AuditParts {
  readonly store: AuditStore
  readonly key: SigningKey
  /** Absent: nothing outside of the store says how far the chain reached, as for a store in memory. */
  readonly anchor?: AnchorFile
  readonly settings: AuditSettings
  readonly clock: Clock
  readonly newId: NewId
  /** Told, at most once a minute, why events cannot be written or signed; always where the chain is broken or events are lost. */
  readonly onFault: (error: Error) => void
  readonly bounds?: Partial<WriterBounds>
}

/** Writes events into the chain, and signs it from time to time and at the end. Closes the anchor, and not the store. */
export function createAudit({
  store,
  key,
  anchor,
  settings,
  clock,
  newId,
  onFault,
  bounds,
}: AuditParts): Audit {
  const report = createReport(clock, onFault)
  const head = createHead({ store, key, anchor, nowMs: clock.nowMs, onFault: report })
  let timer: NodeJS.Timeout | undefined
  let signing: Promise<void> | undefined
  let closed: Promise<void> | undefined

  /** At the end all that is there. */
  const isDue = (): boolean =>
    head.unsignedRows() >= (closed === undefined ? Math.max(1, settings.checkpointRows) : 1)

  const signAll = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    try {
      // Rows may come while a signature is stored.
      do await head.sign()
      while (isDue())
    } catch (error) {
      report(error)
    }
    signing = undefined
    signLater()
  }
  const sign = (): Promise<void> => (signing ??= signAll())

  const signLater = (): void => {
    if (head.unsignedRows() === 0 || closed !== undefined) return
    timer ??= setTimeout(() => void sign(), settings.checkpointMs).unref()
  }

  const writer = createWriter({
    async append(bodies) {
      await head.begin()
      const last = await store.append(bodies)
      head.advance(bodies, last)
      if (isDue()) void sign()
      else signLater()
    },
    onFault: report,
    onLost: (count) => writer.note(toBody(toLost(count, newId(), clock.nowMs()))),
    ...(bounds === undefined ? {} : { bounds }),
  })

  const close = async (): Promise<void> => {
    await writer.close()
    await within(sign(), SIGN_MS)
    anchor?.close()
  }

  return {
    note: (event) => writer.note(toBody(event)),
    record: (event) => writer.record(toBody(event)),
    requireReady: (durability = 'strict') => writer.requireReady(durability),
    close: () => (closed ??= close()),
  }
}

function toLost(count: number, id: string, atMs: number): AuditEvent {
  return { kind: 'audit.lost', atMs, id, principal: 'gateway', outcome: 'refused', detail: { events: count } }
}

function createReport(clock: Clock, onFault: AuditParts['onFault']): (thrown: unknown) => void {
  let quietUntilMs = Number.NEGATIVE_INFINITY
  return (thrown) => {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    const nowMs = clock.monotonicMs()
    const isAlarm = error instanceof GatewayError && ALARMS.includes(error.code)
    if (nowMs < quietUntilMs && !isAlarm) return
    if (!isAlarm) quietUntilMs = nowMs + REPORT_EVERY_MS
    onFault(error)
  }
}
