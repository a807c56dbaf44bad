import type { Clock } from '../core/ports.ts'
import type { StoreLimits } from './limits.ts'
import type { Base } from './sql/base.ts'

const DAY_MS = 86_400_000
/** Rows that one step takes away; a value may have thousands of pages. */
const STEP_ROWS = 10

/** What takes away what ran out, in steps that are short enough for the main thread. A step says whether there is more. */
export function createPrune(
  { looseSql, tidy }: Pick<Base, 'looseSql' | 'tidy'>,
  clock: Clock,
  limits: StoreLimits,
): () => Promise<boolean> {
  return async () => {
    const nowMs = Math.floor(clock.nowMs())
    const steps = [
      looseSql
        .deleteFrom('handle')
        .where('seq', 'in', (eb) =>
          eb.selectFrom('handle').select('seq').where('expiresAtMs', '<=', nowMs).limit(STEP_ROWS),
        ),
      looseSql
        .deleteFrom('run')
        .where((eb) =>
          eb(
            eb.refTuple('owner', 'id'),
            'in',
            eb
              .selectFrom('run')
              .select(['owner', 'id'])
              .where('expiresAtMs', '<=', nowMs)
              .where('claimUntilMs', '<=', nowMs)
              .limit(STEP_ROWS)
              .$asTuple('owner', 'id'),
          ),
        ),
      looseSql.deleteFrom('shape').where('key', 'in', (eb) =>
        eb
          .selectFrom('shape')
          .select('key')
          .where('savedAtMs', '<=', nowMs - limits.shape.ttlMs)
          .limit(STEP_ROWS),
      ),
      looseSql
        .deleteFrom('shape')
        .where('key', 'in', (eb) =>
          eb
            .selectFrom('shape')
            .select('key')
            .orderBy('savedAtMs', 'desc')
            .limit(STEP_ROWS)
            .offset(limits.shape.count),
        ),
      looseSql
        .deleteFrom('usage')
        .where('key', 'in', (eb) =>
          eb
            .selectFrom('usage')
            .select('key')
            .orderBy('usedAtMs', 'desc')
            .limit(STEP_ROWS)
            .offset(limits.usage.count),
        ),
    ]
    let hasMore = false
    for (const step of steps) {
      const { numDeletedRows } = await step.executeTakeFirst()
      if (numDeletedRows === BigInt(STEP_ROWS)) hasMore = true
    }
    await looseSql
      .deleteFrom('savings')
      .where('day', '<', Math.floor((nowMs - limits.savings.ttlMs) / DAY_MS))
      .execute()
    return (await tidy()) || hasMore
  }
}
