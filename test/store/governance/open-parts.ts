import { randomBytes } from 'node:crypto'

import type { Clock } from '../../../src/core/ports.ts'
import type { Seal } from '../../../src/core/seal.ts'
import { createGovernanceParts, type GovernanceParts } from '../../../src/store/governance/parts.ts'
import { toStoreLimits } from '../../../src/store/limits.ts'
import { MIGRATIONS } from '../../../src/store/migrations.ts'
import { PLAIN } from '../../../src/store/sealing.ts'
import type { Base } from '../../../src/store/sql/base.ts'
import { migrate } from '../../../src/store/sql/migrate.ts'
import { openBase, type StorePlace } from '../../../src/store/store.ts'
import { createWork } from '../../../src/store/work.ts'

export const REAL_CLOCK: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }

export interface House extends GovernanceParts {
  readonly base: Base
  readonly close: () => Promise<void>
}

/** Opens the parts alone, as the store does. */
export async function openParts(place: StorePlace, clock: Clock, seal: Seal = PLAIN): Promise<House> {
  const base = await openBase(place)
  await migrate(base, MIGRATIONS, clock.nowMs())
  const { attempt, forgive, end, idle } = createWork(base, clock, undefined)
  const { sql, looseSql, dialect, path } = base
  const parts = createGovernanceParts({
    sql,
    looseSql,
    dialect,
    ...(path === undefined ? {} : { path }),
    clock,
    limits: toStoreLimits({}),
    random: randomBytes,
    seal,
    attempt,
    forgive,
  })
  const close = async (): Promise<void> => {
    end()
    await idle()
    await parts.audit.close()
    await base.close()
  }
  return { ...parts, base, close }
}
