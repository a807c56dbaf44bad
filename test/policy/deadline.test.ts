import { getEventListeners } from 'node:events'

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import type { Call, Handler } from '../../src/core/call.ts'
import { GatewayError } from '../../src/core/errors.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import { createDeadlineLayer } from '../../src/policy/layers/deadline.ts'
import { callOf, heldClock } from './call-of.ts'

const TIMEOUT_MS = 500

/** The layer alone around a handler. */
function withDeadline(next: Handler, timeoutMs = TIMEOUT_MS): Handler {
  return createDeadlineLayer(heldClock(), () => timeoutMs)(next)
}

/** A handler that never answers, and keeps what it was given. */
function silence(): { handler: Handler; seen: Call[] } {
  const seen: Call[] = []
  return {
    seen,
    handler: (call) => {
      seen.push(call)
      return new Promise<Result>(() => {})
    },
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a call that takes too long', () => {
  test('ends with call_timeout even where the backend ignores the signal', async () => {
    const { handler, seen } = silence()
    const ended = expect(withDeadline(handler)(callOf('alpha.slow'))).rejects.toMatchObject({
      code: 'call_timeout',
    })
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS)
    await ended
    expect(seen[0]?.signal.aborted).toBe(true)
    expect(seen[0]?.signal.reason).toMatchObject({ code: 'call_timeout' })
  })

  test('is still waited for one moment before', async () => {
    const { handler, seen } = silence()
    const ended = expect(withDeadline(handler)(callOf('alpha.slow'))).rejects.toMatchObject({
      code: 'call_timeout',
    })
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS - 1)
    expect(seen[0]?.signal.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await ended
  })

  test('whose parent has no time left ends at once', async () => {
    const { handler } = silence()
    const ended = expect(
      withDeadline(handler)(callOf('alpha.slow', {}, { deadline: 0 })),
    ).rejects.toMatchObject({ code: 'call_timeout' })
    await vi.advanceTimersByTimeAsync(0)
    await ended
  })
})

test('a deadline is never later than the one that the call brought', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
      fc.integer({ min: 1, max: 100_000 }),
      async (brought, timeoutMs) => {
        let given: number | undefined
        const handler = withDeadline(async ({ deadline }) => {
          given = deadline
          return textResult('fine')
        }, timeoutMs)
        const call = callOf('alpha.read', {}, brought === undefined ? {} : { deadline: brought })
        await handler(call)
        expect(given).toBe(Math.min(brought ?? Infinity, 1_000 + timeoutMs))
      },
    ),
  )
})

describe('a caller who gives up', () => {
  test('ends the call with call_cancelled and aborts what is below', async () => {
    const { handler, seen } = silence()
    const caller = new AbortController()
    const ended = expect(
      withDeadline(handler)(callOf('alpha.slow', {}, { signal: caller.signal })),
    ).rejects.toMatchObject({ code: 'call_cancelled' })
    caller.abort()
    await ended
    expect(seen[0]?.signal.aborted).toBe(true)
  })

  test('passes on the reason where it is an error of ours: a run that timed out says so to its calls', async () => {
    const caller = new AbortController()
    const reason = new GatewayError('script_timeout', 'The run is over.')
    const ended = expect(
      withDeadline(silence().handler)(callOf('alpha.slow', {}, { signal: caller.signal })),
    ).rejects.toBe(reason)
    caller.abort(reason)
    await ended
  })

  test('before the call is made never reaches what is below', async () => {
    const { handler, seen } = silence()
    await expect(
      withDeadline(handler)(callOf('alpha.slow', {}, { signal: AbortSignal.abort() })),
    ).rejects.toMatchObject({ code: 'call_cancelled' })
    expect(seen).toEqual([])
  })
})

describe('nothing is left behind', () => {
  const refusal = new GatewayError('unknown_tool', 'Nothing.')
  const endings: readonly [string, Handler][] = [
    ['that answers', async () => textResult('fine')],
    ['that rejects', () => Promise.reject(refusal)],
    [
      'that throws at once',
      () => {
        throw refusal
      },
    ],
  ]

  test.each(endings)('no timer and no listener after a handler %s', async (_how, next) => {
    const { signal } = new AbortController()
    await withDeadline(next)(callOf('alpha.read', {}, { signal })).catch(() => {})
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('no timer and no listener after a timeout or a cancelled call', async () => {
    const caller = new AbortController()
    const call = callOf('alpha.slow', {}, { signal: caller.signal })
    const late = withDeadline(silence().handler)(call).catch(() => {})
    await vi.advanceTimersByTimeAsync(TIMEOUT_MS)
    await late
    const cancelled = withDeadline(silence().handler)(call).catch(() => {})
    caller.abort()
    await cancelled
    expect(vi.getTimerCount()).toBe(0)
    expect(getEventListeners(caller.signal, 'abort')).toEqual([])
  })
})

test('what is below gets a frozen call that is the same but for deadline, signal and clock', async () => {
  const call = callOf('alpha.read', { a: 1 }, { meta: { trace: 'x' } })
  let given: Call | undefined
  await withDeadline(async (inner) => {
    given = inner
    return textResult('fine')
  })(call)
  expect(Object.isFrozen(given)).toBe(true)
  expect({ ...given, deadline: undefined, signal: undefined, pauseClock: undefined }).toEqual({
    ...call,
    deadline: undefined,
    signal: undefined,
  })
})
