import { describe, expect, test } from 'vitest'
import { judgeTargets } from '../../../src/bench/analysis/targets.ts'
import type { Point } from '../../../src/bench/points.ts'
import type { TaskKind } from '../../../src/config/tasks/schema.ts'
import type { Mode } from '../../../src/core/mode.ts'
import { pointOf, reportOf, turnsOf } from './made-up.ts'

type Shape = readonly [turns: number, input: number]

/** A task of a kind, by turns and tokens of each turn in each mode; `auto` does what code does. */
function played(
  tools: number,
  kind: TaskKind,
  classic: Shape,
  code: Shape,
  some: Partial<Point> = {},
): Point[] {
  const shape = (mode: Mode, [turns, input]: Shape): Point =>
    pointOf({
      task: `${kind}-${tools}`,
      kind,
      tools,
      mode,
      shown: mode === 'classic' ? mode : 'code',
      turns: turnsOf(turns, input),
      ...some,
    })
  return [shape('classic', classic), shape('code', code), shape('auto', code)]
}

const good = [
  ...played(96, 'single', [2, 10_000], [3, 1_000]),
  ...played(508, 'single', [2, 70_000], [3, 1_000]),
  ...played(508, 'fan-out', [6, 75_000], [3, 1_500]),
  ...played(508, 'join', [8, 75_000], [2, 1_500]),
]
const judge = (points: readonly Point[]) => judgeTargets(reportOf(points))
const missed = (points: readonly Point[]) =>
  judge(points).flatMap((target) => (target.ok || !target.isRequired ? [] : [target.name]))
const swap = (points: readonly Point[], change: (point: Point) => Point) => points.map(change)

describe('targets', () => {
  test('are all met by a report that meets them', () => {
    expect(missed(good)).toEqual([])
    const targets = judge(good)
    expect(new Set(targets.map((target) => target.name)).size).toBe(targets.length)
    expect(targets.find((target) => target.name === 'input tokens of code, 96 tools')).toEqual({
      name: 'input tokens of code, 96 tools',
      asked: -75,
      measured: expect.closeTo(-85, 9) as number,
      unit: '%',
      ok: true,
      isRequired: true,
    })
  })

  test('of sizes that were not played are left out', () => {
    expect(judge(good).some((target) => target.name.includes('251 tools'))).toBe(false)
    expect(
      judge(good.filter((point) => point.tools === 96)).some((target) => target.name.includes('508')),
    ).toBe(false)
    expect(judge([])).toEqual([])
  })

  test.each([
    [96, 2_500, 2_501],
    [251, 1_200, 1_201],
    [508, 600, 601],
  ])('ask of code with %d tools to send so much at the most', (tools, enough, tooMuch) => {
    const name = `input tokens of code, ${tools} tools`
    expect(missed(played(tools, 'chain', [1, 10_000], [1, enough]))).not.toContain(name)
    expect(missed(played(tools, 'chain', [1, 10_000], [1, tooMuch]))).toContain(name)
  })

  test('fail where code sends too much', () => {
    const heavy = swap(good, (point) =>
      point.mode === 'code' ? { ...point, turns: turnsOf(2, 20_000) } : point,
    )
    expect(missed(heavy)).toEqual(
      expect.arrayContaining(['input tokens of code, 96 tools', 'input tokens of code, 508 tools']),
    )
  })

  test('count what is cached', () => {
    const dear = reportOf(good, {
      pricing: { input: 3, output: 15, cacheRead: 0, cacheWrite: 3, cacheMinTokens: 60_000 },
    })
    const cost = judgeTargets(dear).find((target) => target.name === 'cost of code, cold cache, 508 tools')
    // Classic pays once for what it sends; code sends too little to be cached.
    expect(cost?.measured).toBeCloseTo(((3_000 + 4_500 + 3_000) / (70_000 + 75_000 + 75_000) - 1) * 100, 6)
  })

  test('fail where a mode solves fewer tasks than classic, however little it sends', () => {
    const failing = swap(good, (point) =>
      point.mode === 'code' && point.tools === 96 ? { ...point, ok: false } : point,
    )
    expect(missed(failing)).toContain('tasks that classic solves and code does not, 96 tools')
    const both = swap(good, (point) => (point.tools === 96 ? { ...point, ok: false } : point))
    expect(missed(both)).toEqual([])
  })

  test('fail where auto costs more than 1.05 times the best mode on one kind at one size', () => {
    const worse = swap(good, (point) =>
      point.mode === 'auto' && point.kind === 'join' ? { ...point, turns: turnsOf(2, 1_590) } : point,
    )
    expect(missed(worse)).toEqual([
      'cost of auto against the best mode, nothing cached (worst: join with 508 tools)',
    ])
  })

  test('fail where tasks of many calls save less than half of the turns or of the time', () => {
    const slow = swap(good, (point) =>
      point.mode !== 'classic' && point.kind === 'fan-out'
        ? { ...point, turns: turnsOf(4, 1_500, 400) }
        : point,
    )
    expect(missed(slow)).toEqual([
      'turns of code, fan-out, 508 tools',
      'wall time of code, cold cache, fan-out, 508 tools',
    ])
  })

  test('fail where a single call takes two turns more, or auto is slower than classic', () => {
    const long = swap(good, (point) =>
      point.mode !== 'classic' && point.kind === 'single' && point.tools === 508
        ? { ...point, turns: turnsOf(4, 1_000, 200) }
        : point,
    )
    // One that is well is no excuse for another.
    const second = played(508, 'single', [2, 70_000], [2, 100], { task: 'another' })
    expect(missed([...long, ...second])).toContain('turns of code beyond classic, single, 508 tools')
    expect(missed(long)).toEqual([
      'turns of code beyond classic, single, 508 tools',
      'wall time of auto, cold cache, single, 508 tools',
    ])
  })
})
