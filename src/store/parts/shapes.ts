import type { Json } from '../../core/json.ts'
import type { ShapeStore, StoredShape } from '../../core/store.ts'
import { isKey } from '../keys.ts'
import type { PartPorts } from '../ports.ts'

export function createShapes({ looseSql, clock, limits, attempt, forgive }: PartPorts): ShapeStore {
  const bounds = limits.shape
  return {
    load: () =>
      attempt(async () => {
        const rows = await looseSql
          .selectFrom('shape')
          .select(['key', 'samples', 'results', 'shape'])
          .where('savedAtMs', '>', Math.floor(clock.nowMs()) - bounds.ttlMs)
          .orderBy('savedAtMs', 'desc')
          .limit(bounds.count)
          .execute()
        return new Map(
          rows.map(({ key, samples, results, shape }): [string, StoredShape] => [
            key,
            { shape: JSON.parse(shape) as Json, samples, results },
          ]),
        )
      }),
    save: (key, { shape, samples, results }) =>
      forgive(undefined, async () => {
        const text = JSON.stringify(shape)
        if (!isKey(key, limits) || text.length > bounds.chars) return
        const row = { savedAtMs: Math.floor(clock.nowMs()), samples, results, shape: text }
        await looseSql
          .insertInto('shape')
          .values({ key, ...row })
          .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
          .execute()
      }),
  }
}
