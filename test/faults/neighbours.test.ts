import { afterEach, describe, expect, test } from 'vitest'

import { eventually } from '../mcp/harness.ts'
import { endOf, faulty, openFaulty, type FaultyHouse } from './faulty-house.ts'

/** What a neighbour may lose: generous, because the machine may be busy, and far below what the faults take. */
const SOON_MS = 3_000

let house: FaultyHouse
afterEach(() => house.close())

/** Asserts that lists and calls of the good server take no longer for what the other does meanwhile. */
async function neighbourIsServed(): Promise<void> {
  for (const era of ['legacy', 'modern'] as const) {
    const start = performance.now()
    expect(await house.names(era)).toContain('good__ok')
    expect(endOf(await house.call('good__ok', {}, era))).toEqual({ text: 'ok' })
    expect(performance.now() - start).toBeLessThan(SOON_MS)
  }
}

describe('beside a server that', () => {
  test('hangs in all the calls that it may have at a time, others are served', async () => {
    house = await openFaulty({
      good: faulty(),
      bad: faulty([], { limits: { concurrency: 4, queue: 4 }, timeouts: { callMs: 6_000 } }),
    })
    const hung = Array.from({ length: 8 }, () => house.call('bad__hangs'))
    const refused = await house.call('bad__ok')
    expect(endOf(refused).code).toBe('overloaded')
    await neighbourIsServed()
    const ends = (await Promise.all(hung)).map((answer) => endOf(answer).code)
    // Those that waited for their turn have the same time as the others.
    expect(new Set(ends)).toEqual(new Set(['call_timeout']))
    expect(endOf(await house.call('bad__ok')).text).toBe('ok')
  })

  test('is killed in mid-call, others are served; the call fails, and the next one is made', async () => {
    house = await openFaulty({ good: faulty(), bad: faulty() })
    const hung = house.call('bad__hangs')
    const killed = house.call('bad__dies')
    await neighbourIsServed()
    for (const answer of await Promise.all([hung, killed])) {
      expect(endOf(answer).code).toBe('upstream_closed')
    }
    await eventually(async () => expect(endOf(await house.call('bad__ok')).text).toBe('ok'), 12_000)
    await neighbourIsServed()
  })

  test('takes long to start, others are listed and called at once, and it is there later', async () => {
    house = await openFaulty({ good: faulty(), bad: faulty(['--slow']) }, { wait: false })
    await eventually(async () => expect(await house.names()).toContain('good__ok'), 10_000)
    expect(await house.names()).not.toContain('bad__ok')
    await neighbourIsServed()
    await eventually(async () => expect(await house.names()).toContain('bad__ok'), 15_000)
  })

  test.each(['flood', 'flood_progress'])(
    'writes 100,000 notifications (%s), others are served',
    async (name) => {
      house = await openFaulty({ good: faulty(), bad: faulty() })
      const flooding = house.call(`bad__${name}`)
      await neighbourIsServed()
      expect(endOf(await flooding).text).toBe('flooded')
      await neighbourIsServed()
    },
  )

  test('answers with 50 MiB, others are served, and only that call fails', async () => {
    house = await openFaulty({ good: faulty(), bad: faulty() })
    const big = house.call('bad__big')
    const beside = house.call('bad__ok')
    await neighbourIsServed()
    expect(endOf(await big).code).toBe('upstream_too_large')
    expect(endOf(await beside).text).toBe('ok')
    expect(endOf(await house.call('bad__ok')).text).toBe('ok')
  })
})

test('a result of 50 MiB that is allowed reaches its client whole', async () => {
  house = await openFaulty({ bad: faulty([], { limits: { maxMessageBytes: 64 * 1_048_576 } }) })
  expect(endOf(await house.call('bad__big')).text).toHaveLength(50 * 1_048_576)
})
