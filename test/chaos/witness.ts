import { expect } from 'vitest'

import { recordOf, type Witness } from './killing.ts'

/** What has to hold, however often and whenever the gateway was killed. */
export function expectNothingLost({
  acknowledged,
  recorded,
  effects,
  budgets,
  verified,
  approvals,
}: Witness): void {
  expect(verified.code, verified.text).toBe(0)
  // Otherwise nothing was tried.
  expect(acknowledged.length).toBeGreaterThan(0)
  expect(approvals).toBeGreaterThan(0)
  expect(acknowledged.filter((call) => !recorded.has(recordOf(call)))).toEqual([])
  const of = (prefix: string): readonly string[] => effects.filter((line) => line.startsWith(prefix))
  expect(of('note load-').length).toBeLessThanOrEqual(budgets.load)
  expect(of('note small-').length).toBeLessThanOrEqual(budgets.small)
  expect(of('note small-').length).toBeGreaterThan(0)
  const payments = of('pay ')
  expect(payments.length).toBeGreaterThan(0)
  expect(payments.filter((line, index) => payments.indexOf(line) !== index)).toEqual([])
}

/** A generator with a seed: mulberry32, whose numbers are good enough to choose a moment. */
export function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
