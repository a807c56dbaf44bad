import { expect, test } from 'vitest'

import { killUnderLoad } from './killing.ts'
import { createRandom, expectNothingLost } from './witness.ts'

test(
  'a gateway that is killed four times under load loses nothing and does nothing twice',
  { timeout: 120_000 },
  async () => {
    const witness = await killUnderLoad({ kills: 4, random: createRandom(7) })
    expect(witness.kills).toBe(4)
    expectNothingLost(witness)
  },
)
