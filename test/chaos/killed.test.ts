import { expect, test } from 'vitest'

import { newDatabase } from '../store/postgres.ts'
import { killUnderLoad } from './killing.ts'
import { createRandom, expectNothingLost } from './witness.ts'

test.each([
  ['a file', () => Promise.resolve(undefined)],
  ['PostgreSQL', newDatabase],
] as const)(
  'a gateway on %s that is killed three times under load loses nothing and does nothing twice',
  { timeout: 120_000 },
  async (_name, open) => {
    const storeUrl = await open()
    const witness = await killUnderLoad({
      kills: 3,
      random: createRandom(7),
      ...(storeUrl === undefined ? {} : { storeUrl }),
    })
    expect(witness.kills).toBe(3)
    expectNothingLost(witness)
  },
)
