import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeAuto } from '../../../src/bench/analysis/auto.ts'
import { DEFAULT_LATENCY } from '../../../src/bench/analysis/latency.ts'
import { measureOf } from '../../../src/bench/analysis/measure.ts'
import { DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import { pointOf, runs, sends } from './made-up.ts'

const input = measureOf('input', { pricing: DEFAULT_PRICING, latency: DEFAULT_LATENCY })

const points = [
  pointOf({ turns: sends(100) }),
  pointOf({ mode: 'code', turns: sends(200) }),
  pointOf({ mode: 'auto', turns: sends(105) }),
  pointOf({ tools: 50, turns: sends(500) }),
  pointOf({ tools: 50, mode: 'code', turns: sends(200) }),
  pointOf({ tools: 50, mode: 'auto', shown: 'code', turns: sends(212) }),
]

describe('auto', () => {
  test('is judged by the mode that is the best in sum, for each kind at each number of tools', () => {
    const { verdicts, worst, above } = judgeAuto(points, input)
    expect(verdicts).toEqual([
      {
        kind: 'single',
        tools: 10,
        shown: ['classic'],
        best: 'classic',
        bestTotal: 100,
        autoTotal: 105,
        ratio: 1.05,
        tasks: 1,
        leftOut: 0,
      },
      {
        kind: 'single',
        tools: 50,
        shown: ['code'],
        best: 'code',
        bestTotal: 200,
        autoTotal: 212,
        ratio: 1.06,
        tasks: 1,
        leftOut: 0,
      },
    ])
    expect(worst).toEqual(verdicts[1])
    expect(above).toEqual([verdicts[1]])
  })

  test('is not judged on a task that some mode failed, and that is counted', () => {
    const failed = [
      pointOf({ task: 'two', turns: sends(1) }),
      pointOf({ task: 'two', mode: 'code', ok: false }),
      pointOf({ task: 'two', mode: 'auto', turns: sends(9) }),
    ]
    const [first] = judgeAuto([...points, ...failed], input).verdicts
    expect(first).toMatchObject({ autoTotal: 105, bestTotal: 100, tasks: 1, leftOut: 1 })
    expect(judgeAuto(failed, input)).toEqual({ verdicts: [], above: [] })
  })

  test('that does what one mode does is never better than the best, nor above it where that mode is it', () => {
    fc.assert(
      fc.property(runs, (some) => {
        const fixed = some.filter((point) => point.mode !== 'auto')
        const autos = fixed
          .filter((point) => point.mode === 'code')
          .map((point) => ({ ...point, mode: 'auto' as const }))
        for (const verdict of judgeAuto([...fixed, ...autos], input).verdicts) {
          expect(verdict.ratio).toBeGreaterThanOrEqual(1)
          if (verdict.best === 'code') expect(verdict.ratio).toBe(1)
        }
      }),
    )
  })
})
