import { describe, expect, test } from 'vitest'

import { generateCatalog } from '../../src/bench/catalog/generate.ts'
import { runBench, type BenchSetting } from '../../src/bench/run.ts'
import { WORLDS } from '../../src/bench/worlds/worlds.ts'
import { meter, openStage, TOY_WORLD } from './play/toy.ts'

const setting: BenchSetting = {
  worlds: [TOY_WORLD],
  source: generateCatalog(60),
  sizes: [10, 40],
  modes: ['classic', 'code', 'auto'],
  meter,
  openStage,
}

describe('a benchmark', () => {
  test('plays every task in every mode at every size, and tells how far it is', async () => {
    const told: string[] = []
    const { points, sizes } = await runBench({
      ...setting,
      onProgress: ({ tools, world, done, total }) => told.push(`${world} ${tools} ${done}/${total}`),
    })
    expect(points.map(({ tools, mode, ok }) => [tools, mode, ok])).toEqual([
      [10, 'classic', true],
      [10, 'code', true],
      [10, 'auto', true],
      [40, 'classic', true],
      [40, 'code', true],
      [40, 'auto', true],
    ])
    expect(told).toEqual(['toy 10 0/2', 'toy 40 1/2'])
    expect(sizes[1]?.definitionTokens).toBeGreaterThan(2 * (sizes[0]?.definitionTokens ?? 0))
  })

  test('gives identical figures twice, also for results that are cut and kept', async () => {
    const worlds = WORLDS.map((world) => ({
      ...world,
      tasks: world.tasks.filter(({ kind }) => kind === 'whole-result' || kind === 'recovery'),
    }))
    const play = () => runBench({ ...setting, worlds, sizes: [40], modes: ['code'] })
    const [first, second] = [await play(), await play()]
    expect(first).toEqual(second)
    expect(first.points.every(({ ok }) => ok)).toBe(true)
  })

  test('measures time only where it is given a clock, and takes the median of the repeats', async () => {
    const played = await runBench({
      ...setting,
      sizes: [10],
      modes: ['code'],
      repeats: 3,
      clock: stepClock(),
    })
    // A clock that goes on by one at each look: from the call to its result it is always one.
    expect(played.points[0]?.turns.map(({ toolMs }) => toolMs)).toEqual([1, undefined])
    const untimed = await runBench({ ...setting, sizes: [10], modes: ['code'] })
    expect(untimed.points[0]?.turns.every((turn) => !('toolMs' in turn))).toBe(true)
  })

  test('says so where the source has too few tools', async () => {
    await expect(runBench({ ...setting, sizes: [100] })).rejects.toThrow(/60/)
  })

  test('ends when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(runBench({ ...setting, signal })).rejects.toThrow('enough')
  })
})

describe('the tasks', () => {
  test('are at least 40, of all kinds, each with its own name', () => {
    const tasks = WORLDS.flatMap(({ tasks: each }) => each)
    expect(tasks.length).toBeGreaterThanOrEqual(40)
    expect(new Set(tasks.map(({ name }) => name)).size).toBe(tasks.length)
    expect(new Set(tasks.map(({ kind }) => kind)).size).toBe(10)
  })
})

function stepClock() {
  let now = 0
  return { nowMs: () => 0, monotonicMs: () => now++ }
}
