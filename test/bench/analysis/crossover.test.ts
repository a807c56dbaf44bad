import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crossovers } from '../../../src/bench/analysis/crossover.ts'
import { DEFAULT_LATENCY } from '../../../src/bench/analysis/latency.ts'
import { measureOf } from '../../../src/bench/analysis/measure.ts'
import { DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import type { Point } from '../../../src/bench/points.ts'
import { pointOf, runs, sends } from './made-up.ts'

const input = measureOf('input', { pricing: DEFAULT_PRICING, latency: DEFAULT_LATENCY })
const FIXED = ['classic', 'search', 'code'] as const
const sizes = [
  { tools: 10, definitionTokens: 1_000 },
  { tools: 110, definitionTokens: 21_000 },
]

/** Points of one task, by what each mode sends at each size. */
function grid(
  rows: Readonly<Record<number, readonly [number, number, number]>>,
  some: Partial<Point> = {},
): Point[] {
  return Object.entries(rows).flatMap(([tools, values]) =>
    FIXED.map((mode, at) => pointOf({ ...some, mode, tools: Number(tools), turns: sends(values[at] ?? 0) })),
  )
}

describe('crossovers', () => {
  test('are found on the line between two sizes, with the tokens of the definitions there', () => {
    const [all, single, ...rest] = crossovers(
      grid({ 10: [100, 900, 600], 110: [1_100, 900, 600] }),
      input,
      sizes,
    )
    expect(rest).toEqual([])
    expect(all?.bands).toEqual([
      {
        mode: 'classic',
        from: { tools: 10, definitionTokens: 1_000, isInterpolated: false },
        to: { tools: 60, definitionTokens: 11_000, isInterpolated: true },
      },
      {
        mode: 'code',
        from: { tools: 60, definitionTokens: 11_000, isInterpolated: true },
        to: { tools: 110, definitionTokens: 21_000, isInterpolated: false },
      },
    ])
    expect(all).toMatchObject({ kind: 'all', never: ['search'], leftOut: 0 })
    expect(single).toEqual({ ...all, kind: 'single' })
  })

  test('a third mode may be the cheapest between two sizes and at neither', () => {
    const [all] = crossovers(grid({ 0: [0, 40, 100], 100: [100, 40, 0] }), input)
    expect(all?.bands.map(({ mode, from, to }) => [mode, from.tools, to.tools])).toEqual([
      ['classic', 0, 40],
      ['search', 40, 60],
      ['code', 60, 100],
    ])
    expect(all?.bands[1]?.from).toEqual({ tools: 40, isInterpolated: true })
  })

  test('of one size are one band, and a mode that only draws level does not take over', () => {
    const [one] = crossovers(grid({ 10: [3, 2, 1] }), input)
    expect(one?.bands).toEqual([
      { mode: 'code', from: { tools: 10, isInterpolated: false }, to: { tools: 10, isInterpolated: false } },
    ])
    const [level] = crossovers(grid({ 10: [1, 2, 3], 20: [2, 2, 3], 30: [2, 2, 3] }), input)
    expect(level?.bands.map((band) => band.mode)).toEqual(['classic'])
    expect(level?.never).toEqual(['search', 'code'])
  })

  test('leave a task out for all modes where one failed it, and count it', () => {
    const good = grid({ 10: [100, 200, 300], 20: [100, 200, 300] })
    const bad = grid({ 10: [900, 800, 1], 20: [900, 800, 1] }, { task: 'two', kind: 'chain' }).map(
      (point) => ({
        ...point,
        ok: point.mode !== 'search',
      }),
    )
    const [all, single, chain] = crossovers([...good, ...bad], input)
    expect(all).toEqual({ ...single, kind: 'all', leftOut: 2 })
    expect(chain).toEqual({ kind: 'chain', bands: [], never: ['classic', 'search', 'code'], leftOut: 2 })
  })

  test('judge only modes that were played, and not auto', () => {
    const points = grid({ 10: [5, 9, 7], 20: [5, 9, 7] }).filter((point) => point.mode !== 'search')
    const [all] = crossovers([...points, pointOf({ mode: 'auto', turns: sends(1) })], input)
    expect(all).toMatchObject({ never: ['code'], leftOut: 0 })
    expect(crossovers([], input)).toEqual([])
  })

  test('the mode of a band is the cheapest everywhere on it, and bands have no gaps', () => {
    const value = fc.integer({ min: 0, max: 50 })
    const row = fc.tuple(value, value, value)
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 5 }), (rows) => {
        const points = grid(Object.fromEntries(rows.map((of, at) => [at * 10, of])))
        const bands = crossovers(points, input)[0]?.bands ?? []
        expect(bands[0]?.from.tools).toBe(0)
        expect(bands.at(-1)?.to.tools).toBe((rows.length - 1) * 10)
        for (const [at, band] of bands.entries()) {
          if (at > 0) expect(band.from).toEqual(bands[at - 1]?.to)
          expect(band.to.tools).toBeGreaterThan(band.from.tools)
          for (const part of [0, 0.25, 0.5, 0.75, 1]) {
            const tools = band.from.tools + (band.to.tools - band.from.tools) * part
            const left = Math.min(Math.floor(tools / 10), rows.length - 2)
            const at3 = FIXED.map((_, mode) => {
              const [a, b] = [rows[left]?.[mode] ?? 0, rows[left + 1]?.[mode] ?? 0]
              return a + (b - a) * (tools / 10 - left)
            })
            expect(at3[FIXED.indexOf(band.mode)]).toBeLessThanOrEqual(Math.min(...at3) + 1e-6)
          }
        }
      }),
    )
  })

  test('of any run name each mode in a band or under never', () => {
    fc.assert(
      fc.property(runs, (points) => {
        for (const { bands, never } of crossovers(points, input)) {
          const named = new Set([...bands.map((band) => band.mode), ...never])
          expect(named).toEqual(new Set(FIXED.filter((mode) => points.some((point) => point.mode === mode))))
          expect(bands.some((band) => never.includes(band.mode))).toBe(false)
        }
      }),
    )
  })
})
