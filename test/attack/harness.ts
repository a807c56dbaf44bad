import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { RunLimits } from '../../src/core/run.ts'
import { ATTACKER, openArena, type Arena, type Ending } from './arena.ts'
import { besideHonest, honestEnding, startHonest } from './honest.ts'

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
 * Declares one test per attack, all against one gateway. Beside each attack there are honest runs of another owner, in cells of
 * their own, and some of the attacker's, begun before it and after it. Nothing but the attack may come to harm.
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
  const ending = await besideHonest(arena, async () => {
    const own = [startHonest(arena, ATTACKER, 1)]
    const attacked = arena.run(code)
    await new Promise((resolve) => setTimeout(resolve, 60))
    own.push(startHonest(arena, ATTACKER, 2))
    const ended = await attacked
    expect(await Promise.all(own)).toEqual([honestEnding(1), honestEnding(2)])
    return ended
  })
  // As vitest shows it, with the text: the code alone would not say what happened.
  expect(ends.includes(ending.code) ? 'as expected' : ending).toBe('as expected')
  check?.(ending, arena)
  expect(await arena.run('return 1 + 1')).toMatchObject({ code: 'ok', text: '2' })
  expect(await arena.run('return 1 + 1', 'alice')).toMatchObject({ code: 'ok', text: '2' })
  expect((settledMemoryBytes() - before) / MAX_GROWTH_BYTES, 'memory of the gateway').toBeLessThan(1)
  return ending
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
