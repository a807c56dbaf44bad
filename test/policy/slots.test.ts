import { getEventListeners } from 'node:events'
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Call, Handler } from '../../src/core/call.ts'
import { GatewayError } from '../../src/core/errors.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import { createDeadlineLayer } from '../../src/policy/layers/deadline.ts'
import { createSlotsLayer } from '../../src/policy/layers/slots.ts'
import { callOf } from './call-of.ts'

/** A backend whose calls end when the test says so. */
function heldBackend(): {
  handler: Handler
  running: Map<string, { end: () => void; fail: () => void }>
  started: string[]
  most: () => number
} {
  const running = new Map<string, { end: () => void; fail: () => void }>()
  const started: string[] = []
  let most = 0
  const handler = (call: Call): Promise<Result> =>
    new Promise((resolve, reject) => {
      started.push(call.id)
      const leave = (how: () => void) => () => {
        running.delete(call.id)
        how()
      }
      running.set(call.id, {
        end: leave(() => resolve(textResult(call.id))),
        fail: leave(() => reject(new GatewayError('upstream_closed', 'Gone.'))),
      })
      most = Math.max(most, running.size)
    })
  return { handler, running, started, most: () => most }
}

const codeOf = (error: unknown): string => (error instanceof GatewayError ? error.code : 'not ours')

test('calls beyond the slots wait and start in the order of their coming', async () => {
  const { handler, running, started, most } = heldBackend()
  const slotted = createSlotsLayer(() => ({ concurrency: 2, queue: 10 }))(handler)
  const all = Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => slotted(callOf('alpha.read', {}, { id }))))
  await nextTurn()
  expect(started).toEqual(['a', 'b'])
  running.get('b')?.end()
  await nextTurn()
  expect(started).toEqual(['a', 'b', 'c'])
  for (const id of ['a', 'c', 'd', 'e']) {
    running.get(id)?.end()
    await nextTurn()
  }
  await all
  expect(started).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(most()).toBe(2)
})

test('a call that finds the queue full is refused as overloaded and reaches nothing', async () => {
  const { handler, running, started } = heldBackend()
  const slotted = createSlotsLayer(() => ({ concurrency: 1, queue: 1 }))(handler)
  const [first, second] = ['a', 'b'].map((id) => slotted(callOf('alpha.read', {}, { id })))
  await expect(slotted(callOf('alpha.read', {}, { id: 'c' }))).rejects.toMatchObject({ code: 'overloaded' })
  await nextTurn()
  running.get('a')?.end()
  await first
  await nextTurn()
  running.get('b')?.end()
  await second
  expect(started).toEqual(['a', 'b'])
})

test('a server without limits is not bounded, and a full server does not hold up another', async () => {
  const { handler, started } = heldBackend()
  const slotted = createSlotsLayer((server) =>
    server === 'alpha' ? { concurrency: 1, queue: 0 } : undefined,
  )(handler)
  void slotted(callOf('alpha.read', {}, { id: 'full' }))
  for (const id of ['a', 'b', 'c']) void slotted(callOf('beta.read', {}, { id }))
  await nextTurn()
  expect(started.toSorted()).toEqual(['a', 'b', 'c', 'full'])
})

describe('a call that fails', () => {
  test('gives its slot to the next', async () => {
    const { handler, running, started } = heldBackend()
    const slotted = createSlotsLayer(() => ({ concurrency: 1, queue: 5 }))(handler)
    const first = slotted(callOf('alpha.read', {}, { id: 'a' }))
    const second = slotted(callOf('alpha.read', {}, { id: 'b' }))
    await nextTurn()
    running.get('a')?.fail()
    await expect(first).rejects.toMatchObject({ code: 'upstream_closed' })
    await nextTurn()
    expect(started).toEqual(['a', 'b'])
    running.get('b')?.end()
    await second
  })

  test('by throwing at once gives its slot back', async () => {
    const slotted = createSlotsLayer(() => ({ concurrency: 1, queue: 0 }))(() => {
      throw new GatewayError('upstream_unavailable', 'Down.')
    })
    for (const _ of [1, 2, 3]) {
      await expect(slotted(callOf('alpha.read'))).rejects.toMatchObject({ code: 'upstream_unavailable' })
    }
  })
})

describe('a caller who gives up while waiting', () => {
  test('frees its place in the queue and leaves no listener', async () => {
    const { handler, running, started } = heldBackend()
    const slotted = createSlotsLayer(() => ({ concurrency: 1, queue: 1 }))(handler)
    const first = slotted(callOf('alpha.read', {}, { id: 'a' }))
    const caller = new AbortController()
    const reason = new GatewayError('call_cancelled', 'Gone.')
    const waiting = slotted(callOf('alpha.read', {}, { id: 'b', signal: caller.signal }))
    caller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    expect(getEventListeners(caller.signal, 'abort')).toEqual([])
    const third = slotted(callOf('alpha.read', {}, { id: 'c' }))
    await nextTurn()
    running.get('a')?.end()
    await first
    await nextTurn()
    running.get('c')?.end()
    await third
    expect(started).toEqual(['a', 'c'])
  })

  test('before it began to wait takes no place', async () => {
    const { handler, running } = heldBackend()
    const slotted = createSlotsLayer(() => ({ concurrency: 1, queue: 1 }))(handler)
    const first = slotted(callOf('alpha.read', {}, { id: 'a' }))
    const gone = AbortSignal.abort(new GatewayError('call_cancelled', 'Gone.'))
    const refused = slotted(callOf('alpha.read', {}, { id: 'b', signal: gone }))
    await expect(refused).rejects.toMatchObject({ code: 'call_cancelled' })
    await nextTurn()
    running.get('a')?.end()
    await first
  })
})

test('whatever happens, never more run than allowed, the order is kept, and in the end all slots are free', async () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('call' as const) }),
    fc.record({
      do: fc.constantFrom('end' as const, 'fail' as const, 'abort' as const),
      which: fc.nat({ max: 20 }),
    }),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.nat({ max: 4 }),
      fc.array(step, { maxLength: 40 }),
      async (concurrency, queue, steps) => {
        const { handler, running, started, most } = heldBackend()
        const slotted = createSlotsLayer(() => ({ concurrency, queue }))(handler)
        const callers: AbortController[] = []
        const endings: Promise<string>[] = []
        for (const next of steps) {
          if (next.do === 'call') {
            const caller = new AbortController()
            const call = callOf('alpha.read', {}, { id: String(callers.length), signal: caller.signal })
            callers.push(caller)
            endings.push(slotted(call).then(() => 'ok', codeOf))
          } else if (next.do === 'abort') {
            callers[next.which]?.abort(new GatewayError('call_cancelled', 'Gone.'))
          } else {
            const [, held] = [...running][next.which % Math.max(1, running.size)] ?? []
            if (next.do === 'end') held?.end()
            else held?.fail()
          }
          await nextTurn()
        }
        while (running.size > 0) {
          for (const held of running.values()) held.end()
          await nextTurn()
        }
        const codes = await Promise.all(endings)
        expect(most()).toBeLessThanOrEqual(concurrency)
        expect(started.map(Number)).toEqual(started.map(Number).toSorted((a, b) => a - b))
        expect(
          new Set(codes).isSubsetOf(new Set(['ok', 'upstream_closed', 'call_cancelled', 'overloaded'])),
        ).toBe(true)
        const before = started.length
        const after = Array.from({ length: concurrency }, (_, index) =>
          slotted(callOf('alpha.read', {}, { id: `after-${index}` })),
        )
        await nextTurn()
        expect(started.length - before).toBe(concurrency)
        for (const held of running.values()) held.end()
        await Promise.all(after)
      },
    ),
  )
})

test('the clock of a call stands still while it waits for a slot, and runs in the upstream', async () => {
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
  const timed = createDeadlineLayer(clock, () => 1_500)
  const slots = createSlotsLayer(() => ({ concurrency: 1, queue: 10 }))
  const tool: Handler = async ({ signal, args }) => {
    await sleep(args['ms'] as number, undefined, { signal }).catch(() => {})
    return textResult('done')
  }
  const handler = timed(slots(tool))
  // Each takes a fraction of what it may, and the last one waits for longer than that.
  const calls = [1, 2, 3, 4, 5].map((id) => handler(callOf('alpha.read', { ms: 400 }, { id: String(id) })))
  expect(await Promise.all(calls)).toHaveLength(5)
  await expect(handler(callOf('alpha.read', { ms: 20_000 }))).rejects.toMatchObject({ code: 'call_timeout' })
})
