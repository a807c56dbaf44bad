import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { playTask } from '../../../src/bench/play/play.ts'
import type { Point } from '../../../src/bench/points.ts'
import type { Stage } from '../../../src/bench/stage.ts'
import type { TaskInput } from '../../../src/config/tasks/schema.ts'
import type { Mode } from '../../../src/core/mode.ts'
import { meter, openToyStage, sumTask } from './toy.ts'

const MODES: readonly Mode[] = ['classic', 'search', 'code', 'auto']

let stage: Stage
beforeAll(async () => {
  stage = await openToyStage()
})
afterAll(() => stage.close())

const play = (mode: Mode, more: Partial<TaskInput> = {}, parallelCalls?: number): Promise<Point> =>
  playTask(sumTask(more), mode, stage, { meter, ...(parallelCalls === undefined ? {} : { parallelCalls }) })

const direct = sumTask().direct

describe('a policy that is right', () => {
  test.each(MODES)('solves the task in mode %s', async (mode) => {
    const point = await play(mode)
    expect(point).toMatchObject({ ok: true, calls: 3, tools: 3, mode })
    expect(point).not.toHaveProperty('reason')
  })

  test('begins with a state of its own each time', async () => {
    await play('classic')
    const point = await play('classic', { direct: direct.slice(0, 1) })
    expect(point).toMatchObject({ ok: false, reason: expect.stringContaining('shelf.read_note') })
  })
})

describe('a policy that is wrong is a failed task, and the reason is told', () => {
  const steps = (change: (calls: (typeof direct)[number]['calls']) => object): Partial<TaskInput> => ({
    direct: direct.map((step, index) => (index === 0 ? { ...step, ...change(step.calls) } : step)),
  })

  test.each<[string, Partial<TaskInput>, string]>([
    ['a wrong tool', steps(() => ({ calls: [{ tool: 'shelf.read_note', args: {} }] })), 'items'],
    [
      'a tool that there is not',
      steps(() => ({ calls: [{ tool: 'shelf.burn', args: {} }] })),
      'shelf.burn is not listed',
    ],
    [
      'a wrong argument',
      steps((calls) => ({ calls: calls.map((call) => ({ ...call, args: { shelf: 'left' } })) })),
      'the answer is 32, not 50',
    ],
    [
      'an argument that the tool refuses',
      steps((calls) => ({ calls: calls.map((call) => ({ ...call, args: { shelf: 'top' } })) })),
      'items',
    ],
    ['another expectation', { expected: 51 }, 'the answer is 50, not 51'],
    [
      'another state',
      { state: [{ tool: 'shelf.read_note', expect: 'result.text == "x"' }] },
      'result.text == "x"',
    ],
    ['a probe that fails', { state: [{ tool: 'shelf.none', expect: 'true == result' }] }, 'shelf.none'],
  ])('%s', async (_what, more, reason) => {
    const point = await play('classic', more)
    expect(point).toMatchObject({ ok: false, reason: expect.stringContaining(reason) })
    // What it cost counts all the same.
    expect(point.turns.length).toBeGreaterThan(0)
  })

  test.each<[string, string, string]>([
    ['a wrong tool', 'return (await tools.shelf.read_notes({})).text', 'script_check'],
    [
      'a wrong argument',
      "return (await tools.shelf.list_items({ shelf: 'top' })).items.length",
      'script_check',
    ],
    ['a wrong answer', 'return 49', 'the answer is 49, not 50'],
    ['an error', "throw new Error('no')", 'script_error'],
  ])('in a script: %s', async (_what, code, reason) => {
    const point = await play('code', { scripts: [{ code }] })
    expect(point).toMatchObject({ ok: false, reason: expect.stringContaining(reason) })
  })

  test('lookups that do not find the tool', async () => {
    const tools = [{ tool: 'shelf.list_items', lookups: ['zzz'] }]
    expect(await play('search', { tools })).toMatchObject({
      ok: false,
      reason: 'shelf.list_items is not found by any of: zzz',
    })
  })
})

describe('what must have been shown of a tool', () => {
  const needing = (word: string): Partial<TaskInput> => ({
    tools: [
      { tool: 'shelf.list_items', lookups: ['numbers on shelves'], words: [word] },
      { tool: 'shelf.write_note', lookups: ['write down'] },
    ],
  })

  test('costs a look at its declaration where the search leaves it out', async () => {
    // The declaration has it, the line of a search is cut before it.
    const plain = await play('search')
    const asking = await play('search', needing('Sorted'))
    expect(asking).toMatchObject({ ok: true })
    expect(asking.turns).toHaveLength(plain.turns.length + 1)
    expect((await play('search', needing('left'))).turns).toHaveLength(plain.turns.length)
  })

  test.each<Mode>(['search', 'code'])('is a failed task in mode %s where nothing shows it', async (mode) => {
    const reason = 'shelf.list_items: the model is not told of secret'
    expect(await play(mode, needing('secret'))).toMatchObject({ ok: false, reason, calls: 0 })
  })

  test('is not asked for where all definitions are listed', async () => {
    expect(await play('classic', needing('secret'))).toMatchObject({ ok: true })
  })
})

test('a search in vain that is an error is a failed task', async () => {
  const answers = {
    ...stage.search,
    call: () => Promise.resolve({ text: 'down', isError: true, value: null }),
  }
  const task = sumTask({
    tools: [],
    direct: [],
    lookups: ['fly'],
    answer: { direct: '50', script: '50' },
    state: [],
  })
  expect(await playTask(task, 'search', { ...stage, search: answers }, { meter })).toMatchObject({
    ok: false,
    reason: 'search_tools: down',
  })
})

describe('what is counted', () => {
  test('each turn sends all that was before it', async () => {
    const { head, turns } = await play('classic')
    const [first, second, third] = turns
    expect(turns).toHaveLength(3)
    expect(first?.input).toBeGreaterThan(head.definitions + head.instructions)
    expect(second?.input).toBeGreaterThan((first?.input ?? 0) + (first?.output ?? 0))
    expect(third?.input).toBeGreaterThan((second?.input ?? 0) + (second?.output ?? 0))
  })

  test('is the request as JSON, to a few tokens', async () => {
    const { tools, instructions } = await stage.classic.show()
    const shown = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
    const whole = meter.text(JSON.stringify(shown)) + meter.text(instructions)
    const { definitions, instructions: told } = meter.head(await stage.classic.show())
    expect(Math.abs(definitions + told - whole)).toBeLessThan(10)
  })

  test('a limit of calls in one turn takes further turns', async () => {
    const [all, one] = [await play('classic'), await play('classic', {}, 1)]
    expect(one).toMatchObject({ ok: true, calls: all.calls })
    expect(one.turns).toHaveLength(all.turns.length + 1)
    expect((await play('code', {}, 1)).turns).toHaveLength((await play('code')).turns.length)
  })

  test('is the same twice', async () => {
    for (const mode of MODES) expect(await play(mode)).toEqual(await play(mode))
  })
})
