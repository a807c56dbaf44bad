import { judgeTargets, type Target } from '../../analysis/targets.ts'
import { unjudgedTargets } from '../../analysis/unjudged.ts'
import type { BenchReport } from '../../points.ts'
import { toCount, toCountOf } from '../numbers.ts'
import { describeAsked, describeMeasured, describeVerdict } from '../target-words.ts'
import { toTyped, wrap, type Screen } from './plain.ts'

/** The judgement of a report by what it is to show, as plain text without a last line feed. */
export function toTargetText(report: BenchReport, screen: Screen): string {
  const required = judgeTargets(report).filter(({ isRequired }) => isRequired)
  const unjudged = unjudgedTargets(report)
  const failed = report.points.filter(({ ok }) => !ok).length
  const missed = required.filter(({ ok }) => !ok).length
  return [
    required.length === 0
      ? 'Targets: nothing could be judged.'
      : `Targets: ${toCount(required.length - missed)} of ${toCount(required.length)} met${missed === 0 ? '' : `, ${toCount(missed)} missed`}.`,
    ...required.flatMap((target) => toTargetLines(target, screen)),
    ...(unjudged.length === 0 ? [] : ['Not judged:']),
    ...unjudged.flatMap(({ name, why }) => wrap(`  ${name}: ${why}`, screen)),
    failed === 0
      ? 'All tasks were solved.'
      : `Not solved: ${toCountOf(failed, 'play')}, which also counts as missed.`,
  ].join('\n')
}

function toTargetLines(target: Target, screen: Screen): readonly string[] {
  const asked = `${describeMeasured(target)}, at most ${describeAsked(target)}`
  return wrap(`  ${describeVerdict(target)}: ${target.name}: ${toTyped(asked).replaceAll('×', 'x')}`, screen)
}
