import type { DatabaseSync } from 'node:sqlite'

import type { GatewayError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { Store } from '../core/store.ts'
import { toStoreLimits, type StoreSettings } from './limits.ts'
import { createCheckpoints } from './sqlite/checkpoints.ts'
import { IN_MEMORY, numberOf, openDatabase, prepareFile, setUp } from './sqlite/database.ts'
import { damaged, toStoreError } from './sqlite/faults.ts'
import { createHandles } from './sqlite/handles.ts'
import { migrate, requireOurs } from './sqlite/migrations.ts'
import type { PartPorts } from './sqlite/ports.ts'
import { createPrune } from './sqlite/prune.ts'
import { createRuns } from './sqlite/runs.ts'
import { createSavings } from './sqlite/savings.ts'
import { createShapes } from './sqlite/shapes.ts'
import { createUsage } from './sqlite/usage.ts'

/** Between two steps of a prune that has more to do. */
const STEP_PAUSE_MS = 50
/** A larger file is not looked through at the start: it would take too long. */
const CHECKED_BYTES = 512 * 1024 * 1024
/** Where a disk fails every call does: the log is told once in a while. */
const REPORT_EVERY_MS = 60_000

export interface StorePorts {
  /** The file, absolute. Absent: everything is in memory, and gone when the process ends. */
  readonly path?: string
  readonly clock: Clock
  /** That many unguessable bytes: `randomBytes` of node:crypto. */
  readonly random: (bytes: number) => Buffer
  readonly settings?: StoreSettings
  /** Told, at most once a minute, why something that may be lost was lost. */
  readonly onFault?: (error: GatewayError) => void
}

/**
 * Opens the store, and makes its file where there is none. Several processes may have one file open.
 *
 * @throws GatewayError `store_newer`, `store_unusable`
 */
export function openStore({ path, clock, random, settings = {}, onFault }: StorePorts): Store {
  const where = path ?? 'The store in memory'
  const checkpoints = path === undefined ? undefined : createCheckpoints(path)
  const attempt: PartPorts['attempt'] = (work) => {
    checkpoints?.wrote()
    try {
      return work()
    } catch (error) {
      throw toStoreError(error, where)
    }
  }
  const report = createReport(clock, onFault)
  const forgive: PartPorts['forgive'] = (fallback, work) => {
    try {
      return attempt(work)
    } catch (error) {
      report(toStoreError(error, where))
      return fallback
    }
  }

  const limits = toStoreLimits(settings)
  const { database, durable } = attempt(() => connect(path, where, clock))
  const close = (): void => {
    if (durable.isOpen) durable.close()
    if (database.isOpen) database.close()
  }
  const ports = { database, clock, limits, random, attempt, forgive }
  try {
    return attempt(() => {
      const usage = createUsage(ports)
      const prune = createPrune(database, clock, limits)
      const parts = {
        handles: createHandles(ports),
        runs: createRuns({ ...ports, database: durable }),
        shapes: createShapes(ports),
        usage,
        savings: createSavings(ports),
      }
      const pruning = repeat(() => forgive(false, prune), limits.pruneEveryMs)
      const closeAll = (): void => {
        if (!database.isOpen) return
        pruning.stop()
        usage.close()
        checkpoints?.close()
        close()
      }
      return { ...parts, close: closeAll }
    })
  } catch (error) {
    close()
    throw error
  }
}

/** One connection for what may be lost in a power cut and one for what may not; in memory there is nothing to choose. */
function connect(path: string | undefined, where: string, clock: Clock) {
  const file = path ?? IN_MEMORY
  if (path !== undefined) prepareFile(path)
  const opened: DatabaseSync[] = []
  const open = (isDurable: boolean): DatabaseSync => {
    const database = openDatabase(file)
    opened.push(database)
    requireOurs(database, where)
    setUp(database, file, isDurable)
    return database
  }
  try {
    const durable = open(true)
    migrate(durable, where, Math.floor(clock.nowMs()))
    requireSound(durable, where)
    return { durable, database: path === undefined ? durable : open(false) }
  } catch (error) {
    for (const database of opened) database.close()
    throw error
  }
}

/** A torn page would otherwise be found in the middle of a call. */
function requireSound(database: DatabaseSync, where: string): void {
  if (numberOf(database, 'PRAGMA page_count') * numberOf(database, 'PRAGMA page_size') > CHECKED_BYTES) return
  const [verdict] = Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})
  if (verdict !== 'ok') throw damaged(where)
}

function createReport(clock: Clock, onFault: StorePorts['onFault']): (error: GatewayError) => void {
  let quietUntilMs = Number.NEGATIVE_INFINITY
  return (error) => {
    const nowMs = clock.monotonicMs()
    if (nowMs < quietUntilMs) return
    quietUntilMs = nowMs + REPORT_EVERY_MS
    onFault?.(error)
  }
}

/** Runs steps at once and then from time to time, with pauses where one says that there is more to do. */
function repeat(step: () => boolean, everyMs: number): { readonly stop: () => void } {
  let timer: NodeJS.Timeout
  const run = (): void => {
    timer = setTimeout(run, step() ? STEP_PAUSE_MS : everyMs).unref()
  }
  run()
  return { stop: () => clearTimeout(timer) }
}
