import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { GatewayError } from '../../src/core/errors.ts'
import { createParked, type Leg } from '../../src/mcp/door/modern/parked.ts'

const who = { id: 'one', kind: 'token' } as const
const leg: Leg = { params: {}, notify: () => {} }
const question = { q: { method: 'elicitation/create', params: { message: 'Who?' } } }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('a call whose client never answers is cancelled after ten minutes, and not before', async () => {
  const parked = createParked()
  const cancelled: unknown[] = []
  const flight = parked.begin(who, 'call', leg, undefined, (reason) => cancelled.push(reason?.code))
  void flight.ask(question)
  const stage = await flight.next()
  if (!('requestState' in stage)) throw new Error('not parked')
  await vi.advanceTimersByTimeAsync(10 * 60_000 - 1)
  expect(cancelled).toEqual([])
  await vi.advanceTimersByTimeAsync(2)
  expect(cancelled).toEqual(['call_cancelled'])
  expect(() => parked.resume(stage.requestState, who, 'call', leg, {})).toThrow(GatewayError)
})

test('what was not answered is asked again, and who waits hears of the call', async () => {
  const parked = createParked()
  const flight = parked.begin(who, 'call', leg, undefined, () => {})
  const answers = flight.ask({ ...question, r: { method: 'roots/list', params: {} } })
  const first = await flight.next()
  if (!('requestState' in first)) throw new Error('not parked')
  // While the client thinks, no request of its waits for the call.
  expect(flight.leg()).toBeUndefined()
  const next: Leg = { params: {}, notify: () => {} }
  parked.resume(first.requestState, who, 'call', next, { q: { action: 'accept' }, made: { up: true } })
  expect(flight.leg()).toBe(next)
  const second = await flight.next()
  if (!('requestState' in second)) throw new Error('not parked')
  expect(second.inputRequests).toEqual({ r: { method: 'roots/list', params: {} } })
  parked.resume(second.requestState, who, 'call', next, { r: { roots: [] } })
  expect(await answers).toEqual({ q: { action: 'accept' }, r: { roots: [] } })
  parked.close()
})
