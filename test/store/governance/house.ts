import { join } from 'node:path'

import { onTestFinished } from 'vitest'

import type { StorePlace } from '../../../src/store/store.ts'
import { createTestClock, makeFolder, type TestClock } from '../house.ts'
import { newDatabase } from '../postgres.ts'
import { openParts, type House } from './open-parts.ts'

export interface Place {
  readonly name: string
  readonly make: () => Promise<StorePlace>
}

export const PLACES: readonly (Place & { readonly isShared: boolean })[] = [
  {
    name: 'SQLite in a file',
    make: async () => ({ path: join(makeFolder(), 'isogate.db') }),
    isShared: true,
  },
  { name: 'SQLite in memory', make: async () => ({}), isShared: false },
  { name: 'PostgreSQL', make: async () => ({ url: await newDatabase() }), isShared: true },
]

/** Opens the parts `count` times over one store, all of them closed when the test has ended. */
export async function openHouses({ make }: Place, count: number, clock: TestClock = createTestClock()) {
  const place = await make()
  const houses: House[] = []
  for (let index = 0; index < count; index++) {
    const house = await openParts(place, clock)
    onTestFinished(house.close)
    houses.push(house)
  }
  const [first] = houses
  if (first === undefined) throw new Error('There is no house.')
  /** One after the other, again and again. */
  const houseAt = (index: number): House => houses[index % houses.length] ?? first
  return { houses, house: first, houseAt, clock, place }
}
