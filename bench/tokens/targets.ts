import { sumOf } from '../../src/bench/analysis/pairs.ts'
import { judgeTargets, type Target } from '../../src/bench/analysis/targets.ts'
import type { BenchReport } from '../../src/bench/points.ts'
import { detailedFigure, type Figure } from '../figure.ts'

/** Which benchmark tells a target: `latency` those of time, `tokens` all others. */
type Teller = 'tokens' | 'latency'

/** What a report was to show, as figures: those that were asked for have a target, others are for information. */
export function toTargetFigures(report: BenchReport, teller: Teller): readonly Figure[] {
  const own = judgeTargets(report).filter(
    ({ name }) => name.startsWith('wall time') === (teller === 'latency'),
  )
  const [unsolved, others] = [true, false].map((is) => own.filter(({ unit }) => (unit === 'tasks') === is))
  return [...(others ?? []).map(toFigure), ...toUnsolved(unsolved ?? [])]
}

/** Where the worst one is stands beside the figure and not in its name: names are what figures of two runs are compared by. */
function toFigure({ name, unit, asked, measured, isRequired }: Target): Figure {
  const [, bare = name, where] = /^(.*?)(?: \((.*)\))?$/.exec(name) ?? []
  return detailedFigure(bare, measured, unit, {
    target: isRequired ? asked : undefined,
    note: where,
    better: 'lower',
  })
}

/** One figure for a mode: that no task is lost holds at every size or not at all. */
function toUnsolved(targets: readonly Target[]): readonly Figure[] {
  const byMode = Map.groupBy(targets, ({ name }) => name.replace(/, \S+ tools$/, ''))
  return [...byMode].map(([name, same]) =>
    detailedFigure(
      `${name}, all sizes`,
      sumOf(same, ({ measured }) => measured),
      'tasks',
      { target: 0, better: 'lower' },
    ),
  )
}
