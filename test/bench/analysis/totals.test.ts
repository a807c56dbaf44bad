import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_LATENCY, wallMsOf } from '../../../src/bench/analysis/latency.ts'
import { measureOf } from '../../../src/bench/analysis/measure.ts'
import { costOf, DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import { losses, totalsOf } from '../../../src/bench/analysis/totals.ts'
import type { Point } from '../../../src/bench/points.ts'
import { pointOf, runs, sends, turnsOf } from './made-up.ts'

const totals = (points: readonly Point[]) => totalsOf(points, DEFAULT_PRICING, DEFAULT_LATENCY, 'cold')
const input = measureOf('input', { pricing: DEFAULT_PRICING, latency: DEFAULT_LATENCY })

describe('totals', () => {
  test('sum up what was sent, and how often definitions were', () => {
    const head = { definitions: 900, instructions: 100 }
    const points = [
      pointOf({ head, turns: turnsOf(2, 1_500, 7), calls: 3 }),
      pointOf({ task: 'two', kind: 'chain', head, turns: turnsOf(3, 2_000, 1), calls: 0, ok: false }),
    ]
    const [all, single, chain, ...rest] = totals(points)
    expect(rest).toEqual([])
    expect(all).toMatchObject({ tools: 10, mode: 'classic', kind: 'all', tasks: 2, solved: 1, turns: 5 })
    expect(all).toMatchObject({ input: 9_000, output: 17, head: 5_000, calls: 3 })
    expect(single).toMatchObject({ kind: 'single', tasks: 1, input: 3_000 })
    expect(chain).toMatchObject({ kind: 'chain', solved: 0, turns: 3 })
    expect(chain).not.toHaveProperty('ratios')
    expect(all?.ratios).toMatchObject({ tasks: 1, input: 1, wall: 1 })
  })

  test('compare a mode with classic only where both solved the task', () => {
    const points = [
      pointOf({ turns: turnsOf(2, 1_000) }),
      pointOf({ mode: 'code', turns: sends(500) }),
      pointOf({ task: 'two', turns: sends(9_000) }),
      // Given up at once: no saving.
      pointOf({ task: 'two', mode: 'code', turns: sends(10), ok: false }),
    ]
    const code = totals(points).find((total) => total.mode === 'code' && total.kind === 'all')
    expect(code).toMatchObject({
      tasks: 2,
      solved: 1,
      input: 510,
      ratios: { tasks: 1, input: 0.25, turns: 0.5 },
    })
    expect(code?.ratios?.cost.none).toBeCloseTo(0.25, 12)
  })

  test('of the kinds are those of all', () => {
    fc.assert(
      fc.property(runs, (points) => {
        const rows = totals(points)
        for (const all of rows.filter((row) => row.kind === 'all')) {
          const kinds = rows.filter(
            (row) => row.kind !== 'all' && row.tools === all.tools && row.mode === all.mode,
          )
          for (const name of ['tasks', 'solved', 'turns', 'input', 'output', 'head', 'calls'] as const)
            expect(kinds.reduce((sum, row) => sum + row[name], 0)).toBe(all[name])
          expect(kinds.reduce((sum, row) => sum + row.wallMs, 0)).toBeCloseTo(all.wallMs, 3)
          expect(all.modelMs + all.toolMs).toBeCloseTo(all.wallMs, 3)
        }
        const sum = (of: (point: Point) => number) => points.reduce((total, point) => total + of(point), 0)
        const ofAll = rows.filter((row) => row.kind === 'all')
        expect(ofAll.reduce((total, row) => total + row.cost.warm, 0)).toBeCloseTo(
          sum((point) => costOf(point, DEFAULT_PRICING, 'warm')),
          9,
        )
        expect(ofAll.reduce((total, row) => total + row.wallMs, 0)).toBeCloseTo(
          sum((point) => wallMsOf(point, DEFAULT_LATENCY, 'cold')),
          3,
        )
      }),
    )
  })
})

describe('losses', () => {
  test('are all the points that took more than classic, the worst ratio first', () => {
    const points = [
      pointOf({ turns: sends(100) }),
      pointOf({ mode: 'search', turns: sends(150) }),
      pointOf({ mode: 'code', turns: sends(300) }),
      pointOf({ mode: 'auto', turns: sends(100) }),
      pointOf({ tools: 50, turns: sends(1_000) }),
      pointOf({ tools: 50, mode: 'search', turns: sends(1_500) }),
      pointOf({ tools: 50, mode: 'code', turns: sends(999) }),
    ]
    expect(losses(points, input)).toEqual([
      { task: 'one', kind: 'single', tools: 10, mode: 'code', value: 300, classic: 100, by: 200, ratio: 3 },
      {
        task: 'one',
        kind: 'single',
        tools: 10,
        mode: 'search',
        value: 150,
        classic: 100,
        by: 50,
        ratio: 1.5,
      },
      {
        task: 'one',
        kind: 'single',
        tools: 50,
        mode: 'search',
        value: 1_500,
        classic: 1_000,
        by: 500,
        ratio: 1.5,
      },
    ])
  })

  test('forget none, and name none that is not one', () => {
    fc.assert(
      fc.property(runs, (points) => {
        const found = losses(points, input)
        const expected = points.flatMap((point) => {
          const base = points.find(
            (other) => other.mode === 'classic' && other.task === point.task && other.tools === point.tools,
          )
          const isLoss = point.ok && base?.ok === true && input.of(point) > input.of(base)
          return isLoss ? [`${point.task} ${point.tools} ${point.mode}`] : []
        })
        expect(found.map((loss) => `${loss.task} ${loss.tools} ${loss.mode}`).sort()).toEqual(expected.sort())
        expect(found.map((loss) => loss.ratio)).toEqual(found.map((loss) => loss.ratio).sort((a, b) => b - a))
      }),
    )
  })
})
