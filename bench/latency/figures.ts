import { judgeAuto } from '../../src/bench/analysis/auto.ts'
import { measureOf } from '../../src/bench/analysis/measure.ts'
import type { BenchReport } from '../../src/bench/points.ts'
import { toFacts } from '../../src/bench/report/facts.ts'
import { detailedFigure, figure, type Figure } from '../figure.ts'
import { toTargetFigures } from '../tokens/targets.ts'

/** What a report of tasks says about time: the targets, the worst of mode auto, and times for each size and mode. */
export function toLatencyFigures(report: BenchReport): readonly Figure[] {
  const { sizes, modes, totalOf, failures } = toFacts(report)
  const { worst } = judgeAuto(report.points, measureOf('wall-cold', report))
  return [
    ...toTargetFigures(report, 'latency'),
    figure('plays that failed', failures.length, 'plays', 0, `of ${report.points.length}`),
    ...(worst === undefined
      ? []
      : [
          detailedFigure('wall time of auto against the best mode, cold cache', worst.ratio, 'x', {
            note: `worst: ${worst.kind} with ${worst.tools} tools`,
            better: 'lower',
          }),
        ]),
    ...sizes.flatMap((tools) =>
      modes.flatMap((mode) => {
        const total = totalOf(tools, mode, 'all')
        if (total === undefined) return []
        return [
          detailedFigure(`wall time, ${mode}, ${tools} tools`, total.wallMs / 1_000, 's', {
            better: 'lower',
          }),
          detailedFigure(`time of gateway and tools, ${mode}, ${tools} tools`, total.toolMs, 'ms', {
            better: 'lower',
          }),
        ]
      }),
    ),
  ]
}
