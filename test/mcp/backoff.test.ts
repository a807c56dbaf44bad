import { expect, test } from 'vitest'
import { backoffMs } from '../../src/mcp/upstream/wire/backoff.ts'

test('the backoff grows from 1 s to 60 s and is spread over its upper half', () => {
  const at = (random: number): number[] =>
    [1, 2, 3, 4, 5, 6, 7, 100].map((failures) => backoffMs(failures, random))
  expect(at(1)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000])
  expect(at(0)).toEqual([1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
})
