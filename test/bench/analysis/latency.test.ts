import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  DEFAULT_LATENCY,
  LATENCY_PARAMETERS,
  modelMsOf,
  sensitivity,
  toolMsOf,
  wallMsOf,
} from '../../../src/bench/analysis/latency.ts'
import { CACHINGS } from '../../../src/bench/points.ts'
import { conversations, pointOf, sends } from './made-up.ts'

const parameters = {
  firstTokenMs: 500,
  readPerSecond: 10_000,
  cachedReadPerSecond: 100_000,
  writePerSecond: 50,
  turnMs: 100,
}
const point = pointOf({
  turns: [
    { input: 2_000, output: 50, toolMs: 7 },
    { input: 3_000, output: 100 },
  ],
})

describe('time', () => {
  test('is that of each turn: its own, reading, writing, and the tools', () => {
    expect(modelMsOf(point, parameters, 'none')).toBeCloseTo(2 * 600 + 500 + 3_000, 6)
    expect(modelMsOf(point, parameters, 'cold')).toBeCloseTo(2 * 600 + (200 + 100 + 20) + 3_000, 6)
    expect(wallMsOf(point, parameters, 'cold')).toBeCloseTo(modelMsOf(point, parameters, 'cold') + 7, 6)
    expect(toolMsOf(pointOf())).toBe(0)
  })

  test('knows from how many tokens on something is cached', () => {
    expect(modelMsOf(point, parameters, 'cold', 2_001)).toBe(modelMsOf(point, parameters, 'none'))
  })

  test('is never longer for more of the cache, or for a quicker model', () => {
    fc.assert(
      fc.property(conversations, fc.constantFrom(...CACHINGS), (some, caching) => {
        const ms = wallMsOf(some, DEFAULT_LATENCY, caching)
        expect(wallMsOf(some, DEFAULT_LATENCY, 'warm')).toBeLessThanOrEqual(ms + 1e-6)
        expect(ms).toBeLessThanOrEqual(wallMsOf(some, DEFAULT_LATENCY, 'none') + 1e-6)
        for (const name of LATENCY_PARAMETERS) {
          const factor = name.endsWith('Ms') ? 0.5 : 2
          const quicker = { ...DEFAULT_LATENCY, [name]: DEFAULT_LATENCY[name] * factor }
          expect(wallMsOf(some, quicker, caching)).toBeLessThanOrEqual(ms + 1e-6)
        }
      }),
    )
  })
})

describe('sensitivity', () => {
  const classic = pointOf({ turns: [...sends(40_000, 10), ...sends(40_000, 10)] })
  const code = pointOf({ mode: 'code', turns: [...sends(1_000, 200), ...sends(1_200, 10)] })
  const find = (rows: ReturnType<typeof sensitivity>, parameter: string, factor: number, kind = 'all') =>
    rows.find(
      (row) =>
        row.parameter === parameter && row.factor === factor && row.kind === kind && row.mode === 'code',
    )?.ratio ?? Number.NaN

  test('tells the ratio for each parameter halved, as it is, and doubled, over all tasks and for each kind', () => {
    const rows = sensitivity([classic, code], DEFAULT_LATENCY, 'none')
    expect(rows).toHaveLength(LATENCY_PARAMETERS.length * 3 * 2)
    const ratio = wallMsOf(code, DEFAULT_LATENCY, 'none') / wallMsOf(classic, DEFAULT_LATENCY, 'none')
    for (const name of LATENCY_PARAMETERS) {
      expect(find(rows, name, 1)).toBeCloseTo(ratio, 12)
      expect(find(rows, name, 1, 'single')).toBeCloseTo(ratio, 12)
    }
    const slower = { ...DEFAULT_LATENCY, writePerSecond: DEFAULT_LATENCY.writePerSecond / 2 }
    expect(find(rows, 'writePerSecond', 0.5)).toBeCloseTo(
      wallMsOf(code, slower, 'none') / wallMsOf(classic, slower, 'none'),
      12,
    )
  })

  test('slow reading is against definitions, slow writing against scripts', () => {
    const rows = sensitivity([classic, code], DEFAULT_LATENCY, 'none')
    expect(find(rows, 'readPerSecond', 0.5)).toBeLessThan(find(rows, 'readPerSecond', 2))
    expect(find(rows, 'writePerSecond', 0.5)).toBeGreaterThan(find(rows, 'writePerSecond', 2))
    expect(find(rows, 'cachedReadPerSecond', 0.5)).toBe(find(rows, 'cachedReadPerSecond', 2))
  })

  test('compares no task that one of both failed', () => {
    const other = { task: 'two', kind: 'chain' as const }
    const points = [
      classic,
      code,
      pointOf({ ...other, turns: sends(9) }),
      pointOf({ ...other, mode: 'code', ok: false }),
    ]
    expect(sensitivity(points, DEFAULT_LATENCY, 'cold')).toEqual(
      sensitivity([classic, code], DEFAULT_LATENCY, 'cold'),
    )
  })
})
