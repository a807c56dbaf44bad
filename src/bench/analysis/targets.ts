import type { TaskKind } from '../../config/tasks/schema.ts'
import type { Mode } from '../../core/mode.ts'
import type { BenchReport, Caching, Point } from '../points.ts'
import { AUTO_TOLERANCE, judgeAuto } from './auto.ts'
import { inputOf, measureOf, type MeasureName } from './measure.ts'
import { type Match, ratioOf, sizesOf, toMatches, toPairs } from './pairs.ts'

/** Something that a benchmark was to show. Whatever it is, less is better. */
export interface Target {
  readonly name: string
  /** At the most. */
  readonly asked: number
  readonly measured: number
  /** `%` is the change against classic; `x` how many times as much. */
  readonly unit: '%' | 'x' | 'turns' | 'tasks'
  readonly ok: boolean
  /** False for what is told beside the targets, and was not asked for. */
  readonly isRequired: boolean
}

/** By how much code is to send less than classic, at so many tools, percent. */
export const INPUT_CHANGES: readonly (readonly [tools: number, percent: number])[] = [
  [96, -75],
  [251, -88],
  [508, -94],
]
/** Where the cost, and tasks of some kinds, are judged. */
export const LARGE = 508

const CACHING_WORDS: Readonly<Record<Caching, string>> = {
  none: 'nothing cached',
  cold: 'cold cache',
  warm: 'warm cache',
}

/**
 * Judges a report by what the benchmark is to show. Sums and ratios are over the tasks that both modes solved; that
 * no mode solves fewer than classic is a target of its own. Targets of sizes that the report has not are left out.
 */
export function judgeTargets(report: BenchReport): readonly Target[] {
  const sizes = sizesOf(report.points)
  const at = (tools: number): readonly Match[] =>
    toMatches(report.points.filter((point) => point.tools === tools))
  const large = at(LARGE)
  return [
    ...INPUT_CHANGES.flatMap(([tools, percent]) =>
      changeOf(`input tokens of code, ${tools} tools`, at(tools), inputOf, percent),
    ),
    ...sizes.flatMap((tools) => unsolved(at(tools), tools)),
    ...changeOf(`cost of code, cold cache, ${LARGE} tools`, large, measureOf('cost-cold', report).of, -80),
    ...autoTargets(report),
    ...(['fan-out', 'join'] as const).flatMap((kind) => batchTargets(report, ofKind(large, kind))),
    ...singleTargets(report, ofKind(large, 'single')),
  ]
}

function ofKind(matches: readonly Match[], kind: TaskKind): readonly Match[] {
  return matches.filter((match) => match.kind === kind)
}

function toTarget(
  name: string,
  unit: Target['unit'],
  asked: number,
  measured: number,
  isRequired = true,
): Target {
  return { name, asked, measured, unit, ok: measured <= asked, isRequired }
}

function changeOf(
  name: string,
  matches: readonly Match[],
  of: (point: Point) => number,
  percent: number,
  isRequired = true,
): readonly Target[] {
  const ratio = ratioOf(toPairs(matches, 'code'), of)
  return ratio === undefined ? [] : [toTarget(name, '%', percent, (ratio - 1) * 100, isRequired)]
}

/** Tasks that classic solves and another mode does not: savings count for nothing without the same success. */
function unsolved(matches: readonly Match[], tools: number): readonly Target[] {
  return (['code', 'search', 'auto'] as const).flatMap((mode) => {
    const played = matches.filter((match) => match.points.has('classic') && match.points.has(mode))
    if (played.length === 0) return []
    const isOk = (match: Match, of: Mode): boolean => match.points.get(of)?.ok === true
    const failed = played.filter((match) => isOk(match, 'classic') && !isOk(match, mode))
    return [
      toTarget(`tasks that classic solves and ${mode} does not, ${tools} tools`, 'tasks', 0, failed.length),
    ]
  })
}

function autoTargets(report: BenchReport): readonly Target[] {
  return (['none', 'cold', 'warm'] as const).flatMap((caching) => {
    const { worst } = judgeAuto(report.points, measureOf(`cost-${caching}`, report))
    if (worst === undefined) return []
    const where = `worst: ${worst.kind} with ${worst.tools} tools`
    const name = `cost of auto against the best mode, ${CACHING_WORDS[caching]} (${where})`
    return [toTarget(name, 'x', AUTO_TOLERANCE, worst.ratio, caching === 'none')]
  })
}

/** Tasks of many calls: fewer turns, and sooner done. */
function batchTargets(report: BenchReport, matches: readonly Match[]): readonly Target[] {
  const kind = matches[0]?.kind
  if (kind === undefined) return []
  const change = (label: string, measure: MeasureName, isRequired = true): readonly Target[] =>
    changeOf(`${label}, ${kind}, ${LARGE} tools`, matches, measureOf(measure, report).of, -50, isRequired)
  return [
    ...change('turns of code', 'turns'),
    ...change(`wall time of code, ${CACHING_WORDS.cold}`, 'wall-cold'),
    ...change(`wall time of code, ${CACHING_WORDS.none}`, 'wall-none', false),
    ...change(`wall time of code, ${CACHING_WORDS.warm}`, 'wall-warm', false),
  ]
}

/** A single call: one more turn to find the tool at the most, and `auto` no slower than classic. */
function singleTargets(report: BenchReport, matches: readonly Match[]): readonly Target[] {
  const more = toPairs(matches, 'code').map(({ own, base }) => own.turns.length - base.turns.length)
  const auto = toPairs(matches, 'auto')
  const wall = (caching: Caching, isRequired: boolean): readonly Target[] => {
    const ratio = ratioOf(auto, measureOf(`wall-${caching}`, report).of)
    if (ratio === undefined) return []
    const name = `wall time of auto, ${CACHING_WORDS[caching]}, single, ${LARGE} tools`
    // Tool times are measured, and never the same twice: what is less than a thousandth apart is as fast.
    return [toTarget(name, 'x', 1, Math.round(ratio * 1_000) / 1_000, isRequired)]
  }
  return [
    ...(more.length === 0
      ? []
      : [toTarget(`turns of code beyond classic, single, ${LARGE} tools`, 'turns', 1, Math.max(...more))]),
    ...wall('cold', true),
    ...wall('none', false),
    ...wall('warm', false),
  ]
}
