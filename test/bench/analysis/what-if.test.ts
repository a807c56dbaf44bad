import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { whatIf } from '../../../src/bench/analysis/what-if.ts'
import { pointOf, runs, turnsOf } from './made-up.ts'

const classic = pointOf({
  tools: 96,
  head: { definitions: 9_000, instructions: 0 },
  turns: turnsOf(2, 10_000),
})
const code = pointOf({
  tools: 96,
  mode: 'code',
  head: { definitions: 800, instructions: 0 },
  turns: turnsOf(3, 1_000),
})

describe('what if', () => {
  test('adds to each request of every mode, and takes half of the definitions of every one', () => {
    const [row, ...more] = whatIf({ points: [classic, code] })
    expect(more).toEqual([])
    expect(row?.tools).toBe(96)
    expect(row?.ratios['as-counted']).toBeCloseTo(3_000 / 20_000, 12)
    expect(row?.ratios['small-preamble']).toBeCloseTo((3 * 1_346) / (2 * 10_346), 12)
    expect(row?.ratios['large-preamble']).toBeCloseTo((3 * 3_000) / (2 * 12_000), 12)
    expect(row?.ratios['half-definitions']).toBeCloseTo((3 * 600) / (2 * 5_500), 12)
  })

  test('is told of sizes and plays that can be compared', () => {
    const failed = { ...code, tools: 10, ok: false }
    expect(whatIf({ points: [classic, code, { ...classic, tools: 10 }, failed] })).toHaveLength(1)
    expect(whatIf({ points: [classic] })).toEqual([])
    expect(whatIf({ points: [] })).toEqual([])
  })

  test('of tokens that all requests have in common brings the modes nearer to the ratio of their turns', () => {
    fc.assert(
      fc.property(runs, (points) => {
        for (const { tools, ratios } of whatIf({ points })) {
          const pairs = points.filter(
            (point) =>
              point.tools === tools &&
              point.ok &&
              ['classic', 'code'].includes(point.mode) &&
              points.some(
                (other) =>
                  other.tools === tools &&
                  other.ok &&
                  other.task === point.task &&
                  other.mode === (point.mode === 'code' ? 'classic' : 'code'),
              ),
          )
          const turns = (mode: string): number =>
            pairs.filter((point) => point.mode === mode).reduce((sum, point) => sum + point.turns.length, 0)
          const limit = turns('code') / turns('classic')
          const far = (ratio: number): number => Math.abs(ratio - limit)
          expect(far(ratios['small-preamble'])).toBeLessThanOrEqual(far(ratios['as-counted']) + 1e-9)
          expect(far(ratios['large-preamble'])).toBeLessThanOrEqual(far(ratios['small-preamble']) + 1e-9)
        }
      }),
    )
  })
})
