import { afterAll, describe, expect, test } from 'vitest'

import type { RunOutcome, ScriptCallOutcome } from '../../src/core/run.ts'
import { LIMITS, openSandbox, pass, runLeg, type Leg } from './replay/world.ts'

const sandbox = openSandbox()
afterAll(() => sandbox.close())

const run = (code: string, leg: Partial<Leg> = {}): Promise<RunOutcome> =>
  runLeg(sandbox, code, { call: ({ args }) => Promise.resolve({ ok: true, value: args }), ...leg })

describe('the clock of a script', () => {
  test('stands still within a turn and goes on with the next', async () => {
    const { value, record } = await run(
      `const now = () => [Date.now(), +new Date(), new Date().getTime(), Date.parse(Date()) - Date.parse(Date()), +new (class extends Date {})()]
       const before = now()
       for (let n = 0; n < 100_000; n++) Math.sqrt(n)
       const after = now()
       await tools.s.slow({})
       return [before, after, now()]`,
      { call: () => pass(5).then(() => ({ ok: true, value: null })) },
    )
    const [before, after, later] = value as number[][]
    expect(after).toEqual(before)
    expect(before).toEqual([
      record.startedAtMs,
      record.startedAtMs,
      record.startedAtMs,
      0,
      record.startedAtMs,
    ])
    expect(later?.[0]).toBe(record.turns[0]?.atMs)
    expect(later?.[0]).toBeGreaterThan(record.startedAtMs)
  })

  test('is what dates are formatted by, everywhere in UTC', async () => {
    const { value, record } =
      await run(`const format = new Intl.DateTimeFormat('en', { dateStyle: 'short', timeStyle: 'long' })
      return [format.format() === format.format(Date.now()), format.format(new Date(0)).replace(/\\s/g, ' '), format.formatToParts().length > 5,
        JSON.stringify(format.formatToParts()) === JSON.stringify(format.formatToParts(Date.now())),
        new Date(0).getHours(), new Date().toISOString(), [5, 6].map((n) => format.format(n * 1000)).length]`)
    expect(value).toEqual([
      true,
      '1/1/70, 12:00:00 AM UTC',
      true,
      true,
      0,
      new Date(record.startedAtMs).toISOString(),
      2,
    ])
  })

  test('does not change what a date is', async () => {
    const { value } = await run(`const d = new Date(2026, 1, 3)
      return [d instanceof Date, d.constructor === Date, Date.length, Date.name, new Date(5).getTime(), new Date('2026-01-01').getTime(),
        Number.isNaN(new Date(undefined).getTime()), Date.UTC(1970, 0), typeof Date(), Reflect.construct(Date, [7]).getTime(), Object.prototype.toString.call(new Date())]`)
    expect(value).toEqual([
      true,
      true,
      7,
      'Date',
      5,
      1_767_225_600_000,
      true,
      0,
      'string',
      7,
      '[object Date]',
    ])
  })

  test('and its chance are those of the record', async () => {
    const code = 'return [Date.now(), Array.from({ length: 5 }, Math.random)]'
    const first = await run(code)
    const again = await run(code, { replay: first.record })
    expect(again.value).toEqual(first.value)
    expect((await run(code)).value).not.toEqual(first.value)
    const [, numbers] = first.value as [number, number[]]
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
    expect(new Set(numbers).size).toBe(5)
  })

  test('has random numbers that are spread evenly', async () => {
    const { value } = await run(`const counts = Array(10).fill(0)
      for (let n = 0; n < 100_000; n++) counts[Math.floor(Math.random() * 10)]++
      return counts`)
    for (const count of value as number[]) expect(Math.abs(count - 10_000)).toBeLessThan(600)
  })
})

describe('what the language of scripts offers', () => {
  const asked = async (code: string): Promise<unknown[]> => {
    const calls: unknown[] = []
    const outcome = await run(code, {
      call: ({ server, tool, args }) => {
        calls.push([server, tool, args])
        return Promise.resolve({ ok: true, value: 'answer' })
      },
    })
    expect(outcome.failure).toBeUndefined()
    return calls
  }

  test('travels as calls of $isogate', async () => {
    expect(
      await asked(`await tools.$search('find me')
        await tools.$search({ query: 'a', limit: 3 })
        await tools.$describe('a.b')
        await tools.$describe(['a.b', 'c.d'])
        await tools.$describe({ tools: ['e.f'] })
        return await runs.open('handle1')`),
    ).toEqual([
      ['$isogate', 'search', { query: 'find me' }],
      ['$isogate', 'search', { query: 'a', limit: 3 }],
      ['$isogate', 'describe', { tools: ['a.b'] }],
      ['$isogate', 'describe', { tools: ['a.b', 'c.d'] }],
      ['$isogate', 'describe', { tools: ['e.f'] }],
      ['$isogate', 'open', { handle: 'handle1' }],
    ])
  })

  test('counts as calls, and cannot be changed', async () => {
    const outcome = await run(
      `const results = []
       for (const use of [() => { runs.open = 1 }, () => { tools.$search.x = 1 }, () => { runs = 1 }, () => { input = 1 }, () => { ToolError.prototype.name = 1 }]) {
         try { 'use strict'; use(); results.push('changed?') } catch (error) { results.push(error.name) }
       }
       await tools.$search('x')
       return [Object.isFrozen(runs), Object.isFrozen(tools.$search), Object.isFrozen(ToolError), typeof input]`,
    )
    expect(outcome.value).toEqual([true, true, true, 'undefined'])
    expect(outcome.usage).toMatchObject({ calls: 1, callsByTool: { '$isogate.search': 1 } })
  })

  test('is refused without a call where it is not there', async () => {
    expect(await asked('return await tools.$isogate.approve({}).catch((error) => error.code)')).toEqual([])
    expect((await run('return await tools.$isogate.approve({}).catch((error) => error.code)')).value).toBe(
      'unknown_tool',
    )
  })

  test('has an error that can be told', async () => {
    const failing =
      (detail: object): Leg['call'] =>
      () =>
        Promise.resolve({
          ok: false,
          error: { code: 'invalid_arguments', message: 'no', retryable: false, detail },
        } as ScriptCallOutcome)
    const code = `try { await tools.s.t({}) } catch (error) {
      return [error instanceof ToolError, error instanceof Error, error.name, error.code, error.tool, error.retryable, error.parameters ?? 'none']
    }`
    expect((await run(code, { call: failing({ parameters: '{ a: string }' }) })).value).toEqual([
      true,
      true,
      'ToolError',
      'invalid_arguments',
      's.t',
      false,
      '{ a: string }',
    ])
    expect((await run(code, { call: failing({ parameters: 7 }) })).value).toContain('none')
  })

  test('names the line and the column of a call that failed', async () => {
    const failing: Leg['call'] = () =>
      Promise.resolve({ ok: false, error: { code: 'tool_error', message: 'no', retryable: false } })
    const { failure } = await run('await null\nawait null; await tools.s.t({})', { call: failing })
    expect(failure).toMatchObject({ code: 'script_error', line: 2, column: 27 })
    const aliased = await run('const t = tools.s.t\nawait null; await t({})', { call: failing })
    expect(aliased.failure).toMatchObject({ code: 'script_error', line: 2, column: 19 })
  })
})

describe('an input', () => {
  test('is there, and its own in each run', async () => {
    expect((await run('input.list.push(4); return input', { input: { list: [1] } })).value).toEqual({
      list: [1, 4],
    })
    expect((await run('return input', { input: null })).value).toBe(null)
    expect(await run('return input')).toMatchObject({ empty: true })
    expect((await run('async ({ a, tools }) => (await tools.s.t({ a })).a', { input: { a: 3 } })).value).toBe(
      3,
    )
  })
})

describe('budgets', () => {
  test('of one tool are its own', async () => {
    const { value, usage } = await run(
      `const ends = await Promise.allSettled([1, 2, 3, 4].map((n) => tools.a.b({ n })))
       await tools.a.c({})
       return ends.map((end) => end.reason?.code ?? 'ok').concat(ends[3].reason.message)`,
      { limits: { ...LIMITS, callsPerTool: 3 } },
    )
    expect(value).toEqual(['ok', 'ok', 'ok', 'script_limit', 'A run can make 3 calls of a.b.'])
    expect(usage.callsByTool).toEqual({ 'a.b': 3, 'a.c': 1 })
  })

  test('name at most 100 tools', async () => {
    const { usage } = await run('for (let n = 0; n < 150; n++) await tools.s[`t${n}`]({})')
    expect(usage.calls).toBe(150)
    expect(Object.keys(usage.callsByTool)).toHaveLength(100)
  })

  test('tell how long calls waited for a place', async () => {
    const call: Leg['call'] = () => pass(10).then(() => ({ ok: true, value: 1 }))
    const code = 'await Promise.all([1, 2, 3, 4].map((n) => tools.s.t({ n })))'
    const crowded = await run(code, { call, limits: { ...LIMITS, parallelCalls: 1 } })
    expect(crowded.usage.queueWaitMs).toBeGreaterThan(crowded.usage.toolWaitMs)
    expect((await run(code, { call })).usage.queueWaitMs).toBe(0)
  })

  test('say what to do where a value is too large', async () => {
    const { failure } = await run("return 'x'.repeat(200_000)")
    expect(failure?.code).toBe('script_limit')
    expect(failure?.message).toContain('Return less of it')
  })

  test('do not count the time in which a person is asked', async () => {
    const limits = { ...LIMITS, wallMs: 400 }
    const asking: Leg['call'] = async ({ pause }) => {
      const resume = pause()
      await pass(900)
      resume()
      return { ok: true, value: 'answer' }
    }
    const outcome = await run('return await tools.s.ask()', { limits, call: asking })
    expect(outcome.value).toBe('answer')
    expect(outcome.usage.wallMs).toBeLessThan(400)
    const hanging: Leg['call'] = async (call) => {
      await asking(call)
      return new Promise(() => {})
    }
    expect((await run('return await tools.s.ask()', { limits, call: hanging })).failure?.code).toBe(
      'script_timeout',
    )
  })
})
