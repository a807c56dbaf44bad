import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareReports } from '../../../src/bench/analysis/compare.ts'
import { DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import type { Point } from '../../../src/bench/points.ts'
import { pointOf, reportOf, runs, sends, turnsOf } from './made-up.ts'

const compare = (before: readonly Point[], after: readonly Point[]) =>
  compareReports(reportOf(before), reportOf(after))

describe('what changed', () => {
  test('is nothing between a report and itself', () => {
    fc.assert(
      fc.property(runs, (points) => {
        const { totals, ...rest } = compare(points, points)
        expect(rest).toEqual({
          settings: [],
          tasks: { added: [], removed: [] },
          unmatched: { before: 0, after: 0 },
          compared: points.length,
          changes: [],
          regressions: [],
        })
        for (const total of totals) {
          expect(total.input.before).toBe(total.input.after)
          expect(total.solved.before).toBe(total.solved.after)
        }
      }),
    )
  })

  test('is the same seen from both ends', () => {
    fc.assert(
      fc.property(runs, runs, (a, b) => {
        const [there, back] = [compare(a, b), compare(b, a)]
        expect(back.tasks).toEqual({ added: there.tasks.removed, removed: there.tasks.added })
        expect(back.compared).toBe(there.compared)
        expect(back.unmatched).toEqual({ before: there.unmatched.after, after: there.unmatched.before })
        expect(back.totals.map(({ input }) => [input.after, input.before])).toEqual(
          there.totals.map(({ input }) => [input.before, input.after]),
        )
        expect(back.changes).toHaveLength(there.changes.length)
      }),
    )
  })

  test('is told point by point, and in sum', () => {
    const { changes, totals, compared, regressions } = compare(
      [pointOf({ turns: turnsOf(2, 100, 5) }), pointOf({ task: 'two', kind: 'chain' })],
      [pointOf({ turns: turnsOf(1, 120, 9) }), pointOf({ task: 'two', kind: 'chain' })],
    )
    expect(changes).toEqual([
      {
        task: 'one',
        kind: 'single',
        tools: 10,
        mode: 'classic',
        input: { before: 200, after: 120 },
        output: { before: 10, after: 9 },
        turns: { before: 2, after: 1 },
        ok: { before: true, after: true },
      },
    ])
    expect(totals).toEqual([
      {
        tools: 10,
        mode: 'classic',
        tasks: 2,
        solved: { before: 2, after: 2 },
        input: { before: 300, after: 220 },
        output: { before: 20, after: 19 },
        turns: { before: 3, after: 2 },
      },
    ])
    expect(compared).toBe(2)
    expect(regressions).toEqual([])
  })

  test('of tasks, sizes and modes that only one has is no comparison', () => {
    const { tasks, unmatched, compared, changes } = compare(
      [pointOf(), pointOf({ tools: 50 }), pointOf({ task: 'gone' })],
      [pointOf(), pointOf({ mode: 'code' }), pointOf({ mode: 'auto' }), pointOf({ task: 'new' })],
    )
    expect(tasks).toEqual({ added: ['new'], removed: ['gone'] })
    expect(unmatched).toEqual({ before: 1, after: 2 })
    expect(compared).toBe(1)
    expect(changes).toEqual([])
  })

  test('of settings is named, and that of a task too', () => {
    const points = [pointOf()]
    const before = reportOf(points, {
      catalog: { source: 'built in', sizes: [{ tools: 10, definitionTokens: 900 }] },
    })
    const after = reportOf(points, {
      catalog: {
        source: 'mine.json',
        sizes: [
          { tools: 10, definitionTokens: 950 },
          { tools: 50, definitionTokens: 1 },
        ],
      },
      made: { ...before.made, version: '1.1.0', at: '2026-02-02T00:00:00.000Z' },
      modes: ['classic'],
      pricing: { ...DEFAULT_PRICING, output: 10 },
      tasks: [{ name: 'one', kind: 'single', goal: 'do it otherwise' }],
    })
    expect(compareReports(before, after).settings).toEqual([
      { name: 'version', before: '1.0.0', after: '1.1.0' },
      { name: 'catalog', before: 'built in', after: 'mine.json' },
      { name: 'sizes', before: '10', after: '10, 50' },
      { name: 'definition tokens of 10 tools', before: '900', after: '950' },
      { name: 'modes', before: 'classic, code', after: 'classic' },
      { name: 'pricing output', before: '15', after: '10' },
      { name: 'goal of one', before: 'single: do one', after: 'single: do it otherwise' },
    ])
  })
})

describe('a regression', () => {
  const because = (before: Partial<Point>, after: Partial<Point>) =>
    compare([pointOf(before)], [pointOf(after)]).regressions.map((regression) => regression.because)

  test('is a new failure, more turns, or an input of more than 2 % more', () => {
    expect(because({}, { ok: false })).toEqual([['failed']])
    expect(because({ turns: sends(100) }, { turns: sends(102) })).toEqual([])
    expect(because({ turns: sends(100) }, { turns: sends(103) })).toEqual([['input']])
    expect(because({ turns: sends(100) }, { turns: turnsOf(2, 50) })).toEqual([['turns']])
    expect(because({ turns: sends(100) }, { turns: turnsOf(2, 100) })).toEqual([['input', 'turns']])
  })

  test('is not what a task takes that failed before', () => {
    expect(because({ ok: false, turns: sends(1) }, { turns: turnsOf(2, 100) })).toEqual([])
    expect(because({ ok: false, turns: sends(1) }, { ok: false, turns: sends(9) })).toEqual([])
  })

  test('that is a failure comes first, then the largest growth', () => {
    const tasks = ['small', 'large', 'failed']
    const { regressions } = compare(
      tasks.map((task) => pointOf({ task, turns: sends(100) })),
      [
        pointOf({ task: 'small', turns: sends(110) }),
        pointOf({ task: 'large', turns: sends(400) }),
        pointOf({ task: 'failed', turns: sends(1), ok: false }),
      ],
    )
    expect(regressions.map((regression) => regression.task)).toEqual(['failed', 'large', 'small'])
  })
})
