import type { Json } from '../../core/json.ts'
import type { ShapeStore, StoredShape } from '../../core/store.ts'
import type { PartPorts } from './ports.ts'

interface Row {
  readonly key: string
  readonly samples: number
  readonly results: number
  readonly shape: string
}

export function createShapes({ database, clock, limits, attempt, forgive }: PartPorts): ShapeStore {
  const bounds = limits.shape
  const select = database.prepare(
    'SELECT key, samples, results, shape FROM shape WHERE savedAtMs > ? ORDER BY savedAtMs DESC LIMIT ?',
  )
  const write = database.prepare(
    'INSERT OR REPLACE INTO shape (key, savedAtMs, samples, results, shape) VALUES (?, ?, ?, ?, ?)',
  )
  return {
    load: () =>
      attempt(() => {
        const rows = select.all(Math.floor(clock.nowMs()) - bounds.ttlMs, bounds.count)
        return new Map(rows.map((row) => toEntry(row as unknown as Row)))
      }),
    save: (key, { shape, samples, results }) =>
      forgive(undefined, () => {
        const text = JSON.stringify(shape)
        if (key.length > limits.keyChars || text.length > bounds.chars) return
        write.run(key, Math.floor(clock.nowMs()), samples, results, text)
      }),
  }
}

function toEntry({ key, samples, results, shape }: Row): [string, StoredShape] {
  return [key, { shape: JSON.parse(shape) as Json, samples, results }]
}
