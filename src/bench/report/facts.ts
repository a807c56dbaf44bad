import type { TaskKind } from '../../config/tasks/schema.ts'
import { MODES, type Mode } from '../../core/mode.ts'
import { judgeAuto, type AutoJudgement } from '../analysis/auto.ts'
import { crossovers, type Crossover } from '../analysis/crossover.ts'
import { measureOf, type Measure, type MeasureName } from '../analysis/measure.ts'
import { kindsOf, sizesOf, toMatches, toPairs } from '../analysis/pairs.ts'
import { losses, totalsOf, type Loss, type Total } from '../analysis/totals.ts'
import type { BenchReport, Caching, Point } from '../points.ts'

/** What is told about time is told for this: each conversation begins with an empty cache, as most do. */
export const TIME_CACHING: Caching = 'cold'

/** The measures by which modes are told apart in detail. */
const JUDGED = [
  'input',
  'cost-none',
  'cost-cold',
  'cost-warm',
  'wall-cold',
] as const satisfies readonly MeasureName[]
export type Judged = (typeof JUDGED)[number]

/** What one measure says. */
export interface Findings {
  readonly measure: Measure
  readonly losses: readonly Loss[]
  readonly crossovers: readonly Crossover[]
  readonly auto: AutoJudgement
}

/** Everything that pages and terminals tell of a report, worked out once. */
export interface Facts {
  readonly report: BenchReport
  readonly sizes: readonly number[]
  readonly modes: readonly Mode[]
  readonly kinds: readonly TaskKind[]
  readonly totalOf: (tools: number, mode: Mode, kind: TaskKind | 'all') => Total | undefined
  readonly findings: Readonly<Record<Judged, Findings>>
  /** For each mode but classic: tasks at a number of tools that it and classic both solved. */
  readonly compared: ReadonlyMap<Mode, number>
  readonly failures: readonly Point[]
}

/** Works a report out. */
export function toFacts(report: BenchReport): Facts {
  const { points, pricing, latency, catalog } = report
  const totals = new Map(
    totalsOf(points, pricing, latency, TIME_CACHING).map((total) => [
      keyOf(total.tools, total.mode, total.kind),
      total,
    ]),
  )
  const find = (name: Judged): Findings => {
    const measure = measureOf(name, { pricing, latency })
    return {
      measure,
      losses: losses(points, measure),
      crossovers: crossovers(points, measure, catalog.sizes),
      auto: judgeAuto(points, measure),
    }
  }
  const matches = toMatches(points)
  const modes = MODES_AS_TOLD.filter((mode) => points.some((point) => point.mode === mode))
  return {
    report,
    sizes: sizesOf(points),
    modes,
    kinds: kindsOf(points),
    totalOf: (tools, mode, kind) => totals.get(keyOf(tools, mode, kind)),
    findings: {
      input: find('input'),
      'cost-none': find('cost-none'),
      'cost-cold': find('cost-cold'),
      'cost-warm': find('cost-warm'),
      'wall-cold': find('wall-cold'),
    },
    compared: new Map(
      modes.filter((mode) => mode !== 'classic').map((mode) => [mode, toPairs(matches, mode).length]),
    ),
    failures: points.filter((point) => !point.ok),
  }
}

/** What all others are compared with comes first, what chooses among them last. */
const MODES_AS_TOLD: readonly Mode[] = MODES.toSorted((a, b) => rankOf(a) - rankOf(b))

function rankOf(mode: Mode): number {
  return ['classic', 'search', 'code', 'auto'].indexOf(mode)
}

function keyOf(tools: number, mode: Mode, kind: TaskKind | 'all'): string {
  return `${String(tools)} ${mode} ${kind}`
}
