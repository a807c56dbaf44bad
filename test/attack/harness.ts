import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { RunLimits } from '../../src/core/run.ts'
import { ATTACKER, openArena, type Arena, type Ending } from './arena.ts'

/** More than this an attack must not leave in the gateway's process. */
const MAX_GROWTH_BYTES = 100 * 1_048_576

/** How a script may end that takes more memory than there is; which limit comes first is chance. */
export const OUT_OF_MEMORY = ['script_memory', 'script_killed', 'script_cpu']

/** One attack and how it must end. */
export interface Attack {
  readonly code: string
  /** The ends that are right: `ok` or codes of the error table. */
  readonly ends: readonly string[]
  /** Looks closer at how it ended. */
  readonly check?: (ending: Ending, arena: Arena) => void
}

/**
 * Declares one test per attack, all against one gateway. Each attack runs beside honest runs of the same owner and of
 * another, begun before it and after it, and nothing but the attack may come to harm.
 */
export function attacks(
  fact: string,
  list: Readonly<Record<string, Attack>>,
  overrides: Partial<RunLimits> = {},
): void {
  describe(fact, () => {
    let arena: Arena
    beforeAll(async () => {
      arena = openArena(overrides)
      await warmUp(arena)
    })
    afterAll(() => arena.close())
    for (const [name, attack] of Object.entries(list)) {
      test(name, () => withstand(arena, attack))
    }
  })
}

/** Runs an attack among honest runs and asserts that it ended as it must and that nobody else noticed. */
async function withstand(arena: Arena, { code, ends, check }: Attack): Promise<Ending> {
  const before = settledMemoryBytes()
  const honest = [startHonest(arena, ATTACKER, 1), startHonest(arena, 'alice', 2)]
  const attacked = arena.run(code)
  await new Promise((resolve) => setTimeout(resolve, 60))
  honest.push(startHonest(arena, ATTACKER, 3), startHonest(arena, 'alice', 4))
  const ending = await attacked
  // As vitest shows it, with the text: the code alone would not say what happened.
  expect(ends.includes(ending.code) ? 'as expected' : ending).toBe('as expected')
  expect(await Promise.all(honest)).toEqual([
    honestEnding(1),
    honestEnding(2),
    honestEnding(3),
    honestEnding(4),
  ])
  check?.(ending, arena)
  expect(await arena.run('return 1 + 1')).toMatchObject({ code: 'ok', text: '2' })
  expect(await arena.run('return 1 + 1', 'alice')).toMatchObject({ code: 'ok', text: '2' })
  expect((settledMemoryBytes() - before) / MAX_GROWTH_BYTES, 'memory of the gateway').toBeLessThan(1)
  return ending
}

/** A run like those of everybody: some calls at once, some one after the other, some work. */
function startHonest(arena: Arena, owner: string, seed: number): Promise<Ending> {
  return arena.run(
    `const numbers = await Promise.all([1, 2, 3].map((n) => tools.test.add({ a: n, b: ${seed} })))
     let sum = 0
     for (const n of numbers) sum += Number(await tools.test.add({ a: n, b: 100 }))
     console.log('sum', sum)
     return { seed: ${seed}, sum }`,
    owner,
  )
}

function honestEnding(seed: number): Ending {
  const sum = 306 + 3 * seed
  return { code: 'ok', text: JSON.stringify({ seed, sum }), notes: [`Logs:\nsum ${sum}`] }
}

/** The first run of a process starts its cells; no attack should have to wait for that. */
async function warmUp(arena: Arena): Promise<void> {
  await Promise.all([startHonest(arena, ATTACKER, 0), startHonest(arena, 'alice', 0)])
}

let collectGarbage: (() => void) | undefined

function settledMemoryBytes(): number {
  setFlagsFromString('--expose-gc')
  collectGarbage ??= runInNewContext('gc') as () => void
  collectGarbage()
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}
