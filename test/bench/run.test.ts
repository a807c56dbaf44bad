import { describe, expect, test } from 'vitest'

import { generateCatalog } from '../../src/bench/catalog/generate.ts'
import { runBench, type BenchSetting } from '../../src/bench/run.ts'
import type { Stage, StageClient, StageSetting } from '../../src/bench/stage.ts'
import { WORLDS } from '../../src/bench/worlds/worlds.ts'
import type { Plan } from '../../src/config/compile.ts'
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
      onProgress: ({ tools, world, task, done, total }) =>
        told.push(`${world} ${task} ${tools} ${done}/${total}`),
    })
    expect(points.map(({ tools, mode, ok }) => [tools, mode, ok])).toEqual([
      [10, 'classic', true],
      [10, 'code', true],
      [10, 'auto', true],
      [40, 'classic', true],
      [40, 'code', true],
      [40, 'auto', true],
    ])
    expect(told).toEqual(['toy note-the-sum 10 0/2', 'toy note-the-sum 40 1/2'])
    expect(sizes[1]?.definitionTokens).toBeGreaterThan(2 * (sizes[0]?.definitionTokens ?? 0))
  })

  test('gives identical figures twice, also for results that are cut and kept', async () => {
    const worlds = WORLDS.slice(-2).map((world) => ({
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

  test('a repeat that fails is a task that fails, and only plays that are solved are timed', async () => {
    let now = 0
    let plays = 0
    const played = await runBench({
      ...setting,
      sizes: [10],
      modes: ['code'],
      repeats: 5,
      clock: { nowMs: () => 0, monotonicMs: () => (now += 1 + plays * 1_000) },
      openStage: async (wish) => {
        const stage = await openStage(wish)
        const code: StageClient = {
          ...stage.code,
          call: (name, args) =>
            name === 'run_script' && ++plays === 2
              ? Promise.resolve({ text: 'broken', isError: true, value: null })
              : stage.code.call(name, args),
        }
        return { ...stage, code }
      },
    })
    expect(played.points).toHaveLength(1)
    expect(played.points[0]).toMatchObject({ ok: false, reason: expect.stringContaining('broken') })
    expect(plays).toBe(2)
    // The first play took 1,001; the second one, which failed, longer.
    expect(played.points[0]?.turns.map(({ toolMs }) => toolMs)).toEqual([1_001, undefined])
  })

  test('opens a stage for each play on servers of a person, and one for all others', async () => {
    const opened: StageSetting[] = []
    let closed = 0
    const open = async (wish: StageSetting): Promise<Stage> => {
      opened.push(wish)
      const stage = await openStage({ servers: TOY_WORLD.open(), fillers: [] })
      return { ...stage, close: () => (closed++, stage.close()) }
    }
    const wish = { ...setting, sizes: [10], repeats: 2, clock: stepClock(), openStage: open }
    await runBench(wish)
    expect([opened.length, closed]).toEqual([1, 1])
    const live = { servers: [] } as unknown as Plan
    const { points } = await runBench({ ...wish, live, worlds: [{ ...TOY_WORLD, open: () => [] }] })
    expect(points.every(({ ok }) => ok)).toBe(true)
    // One to count the tools, and then 3 modes, twice each.
    expect([opened.length, closed]).toEqual([1 + 7, 1 + 7])
    expect(opened.at(-1)).toMatchObject({ live, needed: ['shelf'] })
  })

  test('says so where the source has too few tools', async () => {
    await expect(runBench({ ...setting, sizes: [100] })).rejects.toThrow(/60/)
  })

  test('ends when it is told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(runBench({ ...setting, signal })).rejects.toThrow('enough')
  })

  test('ends between two plays, and gives what was played', async () => {
    const ending = new AbortController()
    const { points, sizes } = await runBench({
      ...setting,
      signal: ending.signal,
      openStage: async (wish) => {
        const stage = await openStage(wish)
        const call: StageClient['call'] = (name, args) => {
          ending.abort(new Error('enough'))
          return stage.classic.call(name, args)
        }
        return { ...stage, classic: { ...stage.classic, call } }
      },
    })
    expect(points.map(({ tools, mode, ok }) => [tools, mode, ok])).toEqual([[10, 'classic', true]])
    expect(sizes.map(({ tools }) => tools)).toEqual([10])
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
