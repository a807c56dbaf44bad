import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { readCellEvent } from '../../src/scripts/cells/messages.ts'
import { USAGE } from './usage.ts'

describe('what a cell says', () => {
  test('is read where it is right', () => {
    expect(readCellEvent({ type: 'ready', warm: 2 })).toEqual({ type: 'ready', warm: 2 })
    expect(readCellEvent({ type: 'log', run: 1, level: 'warn', text: 'x' })).toEqual({
      type: 'log',
      run: 1,
      line: { level: 'warn', text: 'x' },
    })
    expect(
      readCellEvent({
        type: 'calls',
        run: 1,
        items: [{ id: 1, key: 'k1', server: 's', tool: 't', line: 3, more: 1 }],
      }),
    ).toEqual({ type: 'calls', run: 1, items: [{ id: 1, key: 'k1', server: 's', tool: 't', line: 3 }] })
    const { callsByTool: _, ...usage } = USAGE
    expect(
      readCellEvent({ type: 'done', run: 1, end: { logBytesCut: 3, unawaited: ['s.t'], usage } }),
    ).toEqual({
      type: 'done',
      run: 1,
      end: { logBytesCut: 3, unawaited: ['s.t'], isSuspended: false, usage },
    })
  })

  test.for([
    ['nothing', undefined],
    ['null', null],
    ['an array', ['ready']],
    ['a text', 'ready'],
    ['no type', {}],
    ['an unknown type', { type: 'start', run: 1 }],
    ['a type of the host', { type: 'settle', run: 1, items: [] }],
    ['ready without a number', { type: 'ready', warm: 'many' }],
    ['ready with a negative number', { type: 'ready', warm: -1 }],
    ['calls without a run', { type: 'calls', items: [] }],
    ['calls of a run that is no number', { type: 'calls', run: '1', items: [] }],
    ['calls without items', { type: 'calls', run: 1 }],
    ['calls with an item that is none', { type: 'calls', run: 1, items: [null] }],
    ['a call without an id', { type: 'calls', run: 1, items: [{ key: 'k1', server: 's', tool: 't' }] }],
    [
      'a call with a broken id',
      { type: 'calls', run: 1, items: [{ id: 1.5, key: 'k1', server: 's', tool: 't' }] },
    ],
    [
      'a call with names that are no texts',
      { type: 'calls', run: 1, items: [{ id: 1, key: 'k1', server: {}, tool: [] }] },
    ],
    ['a call without a key', { type: 'calls', run: 1, items: [{ id: 1, server: 's', tool: 't' }] }],
    [
      'a call with a key that is none',
      { type: 'calls', run: 1, items: [{ id: 1, key: 'K 1', server: 's', tool: 't' }] },
    ],
    [
      'a call with an endless key',
      { type: 'calls', run: 1, items: [{ id: 1, key: 'k'.repeat(50), server: 's', tool: 't' }] },
    ],
    ['a log of an unknown level', { type: 'log', run: 1, level: '__proto__', text: 'x' }],
    ['a log that is no text', { type: 'log', run: 1, level: 'log', text: { length: 1 } }],
    ['an end without usage', { type: 'done', run: 1, end: {} }],
    ['an end that is none', { type: 'done', run: 1, end: 'end' }],
  ] as const)('is no message where it is %s', ([, message]) => {
    expect(readCellEvent(message)).toBeUndefined()
  })

  test('is cut and cleaned: long texts, numbers that are none, kinds that are not there', () => {
    const long = 'x'.repeat(100_000)
    const event = readCellEvent({
      type: 'done',
      run: 1,
      end: {
        failure: { kind: 'constructor', message: long, line: -1, column: 'x', excerpt: long },
        logBytesCut: NaN,
        unawaited: [...Array<string>(100).fill('s.t'), 1],
        usage: { ...USAGE, cpuMs: -5, wallMs: Infinity, calls: 'many' },
      },
    })
    if (event?.type !== 'done') throw new Error('not read')
    const { failure, logBytesCut, unawaited, usage } = event.end
    expect(failure?.code).toBe('script_killed')
    expect(failure?.message.length).toBe(20_000)
    expect(failure?.excerpt?.length).toBe(200)
    expect(failure).not.toHaveProperty('line')
    expect([logBytesCut, unawaited.length, usage.cpuMs, usage.wallMs, usage.calls]).toEqual([0, 20, 0, 0, 0])
  })

  test('is never the reason of an exception', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            type: fc.oneof(fc.constantFrom('ready', 'calls', 'log', 'done'), fc.anything()),
            run: fc.oneof(fc.nat(), fc.anything()),
            items: fc.anything(),
            end: fc.anything(),
            level: fc.anything(),
            text: fc.anything(),
            warm: fc.anything(),
          },
          { requiredKeys: [] },
        ),
        (message) => {
          readCellEvent(message)
        },
      ),
    )
  })
})
