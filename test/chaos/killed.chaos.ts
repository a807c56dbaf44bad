import { expect, test } from 'vitest'

import { newDatabase } from '../store/postgres.ts'
import { killUnderLoad } from './killing.ts'
import { createRandom, expectNothingLost } from './witness.ts'

const KILLS = Number(process.env['KILLS'] ?? 100)
/** Another one each time, and told, so that what failed can be done again. */
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000)

test.each([
  ['a file', () => Promise.resolve(undefined)],
  ['PostgreSQL', newDatabase],
] as const)(
  `killed at ${KILLS} random moments under load, a gateway on %s loses nothing and does nothing twice (seed ${SEED})`,
  async (name, open) => {
    const storeUrl = await open()
    const witness = await killUnderLoad({
      kills: KILLS,
      random: createRandom(SEED),
      ...(storeUrl === undefined ? {} : { storeUrl }),
      onKill: (done) => {
        if (done % 10 === 0) console.log(`${name}: killed ${done} times`)
      },
    })
    expect(witness.kills).toBe(KILLS)
    expectNothingLost(witness)
    console.log(
      `${name}: ${witness.acknowledged.length} calls acknowledged, ${witness.effects.length} took effect, ${witness.approvals} approvals, ${witness.recorded.size} recorded.\n${witness.verified.text}`,
    )
  },
)
