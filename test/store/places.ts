import { join } from 'node:path'

import type { StorePlace } from '../../src/store/store.ts'
import { makeFolder } from './house.ts'
import { newDatabase } from './postgres.ts'

/** Where a store may be that outlives its process; each call gives an empty one. */
export const PLACES: readonly { readonly name: string; readonly make: () => Promise<StorePlace> }[] = [
  { name: 'a file', make: async () => ({ path: join(makeFolder(), 'isogate.db') }) },
  { name: 'PostgreSQL', make: async () => ({ url: await newDatabase() }) },
]
