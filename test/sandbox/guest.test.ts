import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createBindings } from '../../sandbox/guest/bindings.ts'
import { isLongerThan, utf8Bytes } from '../../sandbox/guest/bytes.ts'
import { createCalls, type OutgoingCall } from '../../sandbox/guest/calls.ts'
import { createConsole } from '../../sandbox/guest/console.ts'
import { formatValue } from '../../sandbox/guest/format.ts'

/** The bytes that a text has once it has crossed: a lone surrogate crosses as the replacement character. */
const bytesOf = (text: string): number => Buffer.byteLength(text)

describe('bytes', () => {
  test('are those of UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(utf8Bytes(text)).toBe(bytesOf(text))
      }),
    )
  })

  test('are compared with a limit as they would be counted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: -5, max: 60 }), (text, limit) => {
        expect(isLongerThan(text, limit)).toBe(bytesOf(text) > limit)
      }),
    )
  })
})

describe('calls', () => {
  const LIMITS = { calls: 5, callsPerTool: 5, parallelCalls: 2, argumentBytes: 100 }
  const open = (limits = LIMITS) => {
    const batches: OutgoingCall[][] = []
    const calls = createCalls(limits, (batch) => batches.push(Array.from(batch)))
    return { calls, batches }
  }

  test('of one turn leave together, and no more of them than may be in flight', async () => {
    const { calls, batches } = open()
    const all = [1, 2, 3].map((n) => calls.make('s', 't', { n }))
    expect(batches).toEqual([])
    await Promise.resolve()
    await Promise.resolve()
    expect(batches.map((batch) => batch.map(({ id, args }) => [id, args]))).toEqual([
      [
        [1, '{"n":1}'],
        [2, '{"n":2}'],
      ],
    ])
    calls.settle(2, true, '"two"')
    await Promise.resolve()
    await Promise.resolve()
    expect(batches[1]?.map(({ id }) => id)).toEqual([3])
    calls.settle(1, true, '{"one":1}')
    calls.settle(3, false, '{"code":"tool_error","message":"no","retryable":true,"detail":{"a":1}}')
    expect(await all[0]).toEqual({ one: 1 })
    expect(await all[1]).toBe('two')
    await expect(all[2]).rejects.toMatchObject({
      name: 'ToolError',
      code: 'tool_error',
      message: 'no',
      tool: 's.t',
      retryable: true,
      detail: { a: 1 },
    })
  })

  test('beyond the count and the bytes are refused before they cross', async () => {
    const { calls, batches } = open({ calls: 3, callsPerTool: 9, parallelCalls: 9, argumentBytes: 20 })
    await expect(calls.make('s', 't', { text: 'x'.repeat(50) })).rejects.toMatchObject({
      code: 'script_limit',
    })
    void calls.make('s', 't', { a: '12345' })
    await expect(calls.make('s', 't', { a: '12345' })).rejects.toMatchObject({ code: 'script_limit' })
    await expect(calls.make('s', 't', {})).rejects.toMatchObject({ code: 'script_limit' })
    expect(batches.flat()).toHaveLength(1)
  })

  test.for([
    ['a number', 1],
    ['a text', 'x'],
    ['null', null],
    ['an array', []],
    ['a promise', Promise.resolve()],
    ['a promise inside', { a: Promise.resolve() }],
    ['a BigInt inside', { a: 1n }],
  ] as const)('with %s as arguments are refused', async ([, args]) => {
    const { calls, batches } = open()
    await expect(calls.make('s', 't', args)).rejects.toMatchObject({ code: 'invalid_arguments' })
    expect(batches).toEqual([])
  })

  test('with names that are too long are refused, and their names cut', async () => {
    const { calls, batches } = open()
    const long = 'x'.repeat(257)
    await expect(calls.make(long, 't', {})).rejects.toMatchObject({ code: 'unknown_tool' })
    const error = await calls.make('s', long, {}).catch((thrown: Error) => thrown)
    expect((error as Error).message.length).toBeLessThan(300)
    await Promise.resolve()
    expect(batches).toEqual([])
  })

  test('that are settled twice, or were never made, change nothing', async () => {
    const { calls } = open()
    const one = calls.make('s', 't', {})
    calls.settle(1, true, '1')
    calls.settle(1, true, '2')
    calls.settle(99, false, '{}')
    expect(await one).toBe(1)
  })

  test('that nobody waits for are told, at most twenty of them', async () => {
    const { calls } = open({ calls: 100, callsPerTool: 100, parallelCalls: 100, argumentBytes: 10_000 })
    for (let n = 0; n < 30; n++) void calls.make('s', `t${n}`, {})
    expect(calls.unawaited()).toHaveLength(20)
    const other = open().calls
    const awaited = other.make('s', 'awaited', {})
    void other.make('s', 'lost', {})
    other.settle(1, true, '1')
    await awaited
    expect(Array.from(other.unawaited())).toEqual(['s.lost'])
  })
})

describe('bindings', () => {
  test('call by the names that were written', () => {
    const made: unknown[] = []
    const tools = createBindings((...call) => {
      made.push(call)
      return Promise.resolve()
    }) as Record<string, Record<string, (args?: unknown) => Promise<unknown>>>
    void tools['github']?.['list-issues']?.({ a: 1 })
    void tools['github']?.['list_issues']?.()
    expect(made).toEqual([
      ['github', 'list-issues', { a: 1 }],
      ['github', 'list_issues', undefined],
    ])
  })

  test('answer nothing to the names that the language asks for', () => {
    const tools = createBindings(() => Promise.resolve()) as Record<string, unknown>
    for (const name of ['then', 'toJSON', 'valueOf', 'toString', 'constructor', 'prototype', '__proto__']) {
      expect(tools[name]).toBeUndefined()
      expect(name in tools).toBe(false)
    }
    expect(Object.keys(tools)).toEqual([])
  })
})

describe('the console', () => {
  const open = (logBytes: number) => {
    const lines: [string, string][] = []
    const { console: made, bytesCut } = createConsole(logBytes, (level, text) => lines.push([level, text]))
    return { log: made as Record<string, (...args: unknown[]) => void>, lines, bytesCut }
  }

  test('posts lines with their level', () => {
    const { log, lines } = open(1_000)
    for (const level of ['log', 'info', 'warn', 'error', 'debug']) log[level]?.('a', 1, { b: [2] })
    expect(lines).toEqual(['log', 'info', 'warn', 'error', 'debug'].map((level) => [level, 'a 1 {"b":[2]}']))
  })

  test('counts bytes and cuts what goes beyond', () => {
    const { log, lines, bytesCut } = open(10)
    log['log']?.('€€€')
    log['log']?.('€')
    log['log']?.('x')
    expect(lines).toEqual([
      ['log', '€€€'],
      ['log', 'x'],
    ])
    expect(bytesCut()).toBe(3)
  })

  test('cuts a long line and counts many', () => {
    const { log, lines, bytesCut } = open(10_000_000)
    log['log']?.('x'.repeat(100_000))
    expect(lines[0]?.[1].length).toBeLessThan(17_000)
    for (let n = 0; n < 5_000; n++) log['log']?.('')
    expect(lines.length).toBe(2_000)
    expect(bytesCut()).toBeGreaterThan(80_000)
  })

  test('writes any value as a text and never throws', () => {
    fc.assert(fc.property(fc.anything(), (value) => typeof formatValue(value) === 'string'))
    expect(formatValue(new TypeError('x'))).toBe('TypeError: x')
    expect(formatValue({ a: 1n, f() {} })).toBe('{"a":"1n","f":"[function f]"}')
    expect(formatValue(Symbol('s'))).toBe('Symbol(s)')
    const hostile = Object.defineProperty(() => {}, 'name', {
      get() {
        throw new Error('name')
      },
    })
    expect(formatValue(hostile)).toContain('cannot be written')
  })
})
