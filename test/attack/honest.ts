import { expect } from 'vitest'

import type { Arena, Ending } from './arena.ts'

/** Who has nothing to do with any attack. */
const HONEST_OWNER = 'alice'

/** Honest runs beside one attack: 20 with `npm run test:attack`, fewer where all tests are run. */
const HONEST_RUNS = Number(process.env['HONEST_RUNS'] ?? 2)

/** So many of them at a time. */
const LANES = 2

/** Between two runs of a lane while the attack goes on, so that they are spread over it. */
const PAUSE_MS = 10

/** Attacks among honest runs of another owner, of which none may fail; gives what the attack gave. */
export async function besideHonest<Outcome>(arena: Arena, attack: () => Promise<Outcome>): Promise<Outcome> {
  let isOver = false
  const lane = async (from: number): Promise<void> => {
    for (let seed = from; seed <= HONEST_RUNS; seed += LANES) {
      expect(await startHonest(arena, HONEST_OWNER, seed)).toEqual(honestEnding(seed))
      if (!isOver) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  const lanes = Promise.all(Array.from({ length: LANES }, (_, n) => lane(n + 1)))
  const attacked = attack().finally(() => {
    isOver = true
  })
  const [outcome] = await Promise.all([attacked, lanes])
  return outcome
}

/** A run like those of everybody: some calls at once, some one after the other, some work. */
export function startHonest(arena: Arena, owner: string, seed: number): Promise<Ending> {
  return arena.run(
    `const numbers = await Promise.all([1, 2, 3].map((n) => tools.test.add({ a: n, b: ${seed} })))
     let sum = 0
     for (const n of numbers) sum += Number(await tools.test.add({ a: n, b: 100 }))
     console.log('sum', sum)
     return { seed: ${seed}, sum }`,
    owner,
  )
}

/** How the honest run with that seed ends. */
export function honestEnding(seed: number): Ending {
  const sum = 306 + 3 * seed
  return { code: 'ok', text: JSON.stringify({ seed, sum }), notes: [`Logs:\nsum ${sum}`] }
}
