import type { GatewayError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { Seal } from '../core/seal.ts'
import type { Store } from '../core/store.ts'
import { createGovernanceParts } from './governance/parts.ts'
import { pruneGovernance } from './governance/prune.ts'
import { toStoreLimits, type StoreSettings } from './limits.ts'
import { MIGRATIONS } from './migrations.ts'
import { createHandles } from './parts/handles.ts'
import { createRuns } from './parts/runs.ts'
import { createSavings } from './parts/savings.ts'
import { createShapes } from './parts/shapes.ts'
import { createUsage } from './parts/usage.ts'
import { createPrune } from './prune.ts'
import { repeat } from './repeat.ts'
import { PLAIN } from './sealing.ts'
import type { Base } from './sql/base.ts'
import { migrate } from './sql/migrate.ts'
import { openSqlite } from './sqlite/open.ts'
import { within } from './within.ts'
import { createWork } from './work.ts'

/** A database that does not answer must not hold the end of the process up. */
const CLOSE_MS = 5_000

export interface StorePorts {
  readonly clock: Clock
  /** That many unguessable bytes: `randomBytes` of node:crypto. */
  readonly random: (bytes: number) => Buffer
  readonly settings?: StoreSettings
  /** Encrypts values of people. Absent: they are written as they are. */
  readonly seal?: Seal
  /** Told, at most once a minute, why something that may be lost was lost. */
  readonly onFault?: (error: GatewayError) => void
}

/** Where a store is: a file, absolute, or a database of PostgreSQL. Neither: in memory, and gone when the process ends. */
export interface StorePlace {
  readonly path?: string
  /** `postgresql://user:password@host/database` */
  readonly url?: string
}

/**
 * Opens the store, makes it where there is none, and brings it up to date. Several processes may have one open.
 *
 * @throws GatewayError `store_newer`, `store_unusable`
 */
export async function openStore({ path, url, ...ports }: StorePlace & StorePorts): Promise<Store> {
  const base = await openBase({
    ...(path === undefined ? {} : { path }),
    ...(url === undefined ? {} : { url }),
  })
  try {
    await migrate(base, MIGRATIONS, Math.floor(ports.clock.nowMs()))
  } catch (error) {
    await base.close()
    throw base.toError(error)
  }
  return createStore(base, ports)
}

/** A store in memory. It is there at once, and is made when it is first used. */
export function openMemoryStore(ports: StorePorts): Store {
  const base = openSqlite(undefined, (first) => migrate(first, MIGRATIONS, Math.floor(ports.clock.nowMs())))
  return createStore(base, ports)
}

/** Opens the database alone, as it is. @throws GatewayError `store_unusable` */
export async function openBase({ path, url }: StorePlace): Promise<Base> {
  if (url === undefined) return openSqlite(path)
  // Loaded where it is used: a gateway with a file starts without it.
  const { openPostgres } = await import('./postgres/open.ts')
  return openPostgres(url)
}

function createStore(base: Base, { clock, random, settings = {}, seal = PLAIN, onFault }: StorePorts): Store {
  const limits = toStoreLimits(settings)
  const work = createWork(base, clock, onFault)
  const { attempt, forgive } = work
  const { sql, looseSql, dialect, path } = base
  const ports = {
    sql,
    looseSql,
    dialect,
    ...(path === undefined ? {} : { path }),
    clock,
    limits,
    random,
    seal,
    attempt,
    forgive,
  }
  const usage = createUsage(ports)
  const governance = createGovernanceParts(ports)
  const prune = createPrune(base, clock, limits)
  const pruneAll = async (): Promise<boolean> => {
    const hasMore = await pruneGovernance(looseSql, clock.nowMs(), limits)
    return (await prune()) || hasMore
  }
  const pruning = repeat(() => forgive(false, pruneAll), limits.pruneEveryMs)
  const close = async (): Promise<void> => {
    pruning.stop()
    await within(CLOSE_MS, async () => {
      await usage.close()
      await governance.audit.close().catch(() => {})
      work.end()
      await work.idle()
      await base.close()
    })
    work.end()
  }
  let closed: Promise<void> | undefined
  return {
    handles: createHandles(ports),
    runs: createRuns(ports),
    shapes: createShapes(ports),
    usage,
    savings: createSavings(ports),
    ...governance,
    close: () => (closed ??= close()),
  }
}
