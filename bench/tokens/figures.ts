import { judgeAuto } from '../../src/bench/analysis/auto.ts'
import { measureOf } from '../../src/bench/analysis/measure.ts'
import type { BenchReport } from '../../src/bench/points.ts'
import { toFacts } from '../../src/bench/report/facts.ts'
import { detailedFigure, figure, type Figure } from '../figure.ts'
import { toTargetFigures } from './targets.ts'

/** What a report of tasks says about tokens and money: the targets, the worst of mode auto, and input tokens for each size and mode. */
export function toTokenFigures(report: BenchReport): readonly Figure[] {
  const { sizes, modes, totalOf, failures } = toFacts(report)
  const { worst } = judgeAuto(report.points, measureOf('input', report))
  return [
    ...toTargetFigures(report, 'tokens'),
    figure('plays that failed', failures.length, 'plays', 0, `of ${report.points.length}`),
    ...(worst === undefined
      ? []
      : [
          detailedFigure('input tokens of auto against the best mode', worst.ratio, 'x', {
            note: `worst: ${worst.kind} with ${worst.tools} tools`,
            better: 'lower',
          }),
        ]),
    ...sizes.flatMap((tools) =>
      modes.flatMap((mode) => {
        const total = totalOf(tools, mode, 'all')
        const name = `input tokens, ${mode}, ${tools} tools`
        return total === undefined ? [] : [detailedFigure(name, total.input, 'tokens', { better: 'lower' })]
      }),
    ),
  ]
}

/** True for a figure of one mode at one size: there are many of them, and the page has them in a table of their own. */
export function isOfSize({ name }: Figure): boolean {
  return /^(?:input tokens|wall time|time of gateway and tools), \w+, \d+ tools$/.test(name)
}
