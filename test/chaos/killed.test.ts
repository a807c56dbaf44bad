import { expect, test } from 'vitest'

import { killUnderLoad } from './killing.ts'
import { createRandom, expectNothingLost } from './witness.ts'

test(
  'a gateway that is killed three times under load loses nothing and does nothing twice',
  { timeout: 120_000 },
  async () => {
    const witness = await killUnderLoad({ kills: 3, random: createRandom(7) })
    expect(witness.kills).toBe(3)
    expectNothingLost(witness)
  },
)
