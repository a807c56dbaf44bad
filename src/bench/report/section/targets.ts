import { judgeTargets, type Target } from '../../analysis/targets.ts'
import { unjudgedTargets, type Unjudged } from '../../analysis/unjudged.ts'
import type { Facts } from '../facts.ts'
import { toCount } from '../numbers.ts'
import { markup, type Markup } from '../page/markup.ts'
import { toTable } from '../page/table.ts'
import { describeAsked, describeMeasured, describeVerdict } from '../target-words.ts'

/** What the benchmark is to show, and whether it does. */
export function toTargetsSection({ report }: Facts): Markup {
  const targets = judgeTargets(report)
  const required = targets.filter(({ isRequired }) => isRequired)
  const unjudged = unjudgedTargets(report)
  const met = required.filter(({ ok }) => ok).length
  return markup`<section id="targets"><h2>Targets</h2><p class="soft">What was asked of Isogate before anything was measured. All of it is at the most: a change against classic over the tasks that both solved (%), how many times as much (×), or a number. ${
    required.length === 0
      ? 'Nothing of it could be judged.'
      : `${toCount(met)} of ${toCount(required.length)} met.`
  }</p>${
    targets.length === 0
      ? undefined
      : toTable<Target>(
          'Asked and measured',
          [
            { title: 'target', cell: ({ name }) => name },
            { title: 'at most', cell: describeAsked },
            { title: 'measured', cell: describeMeasured },
            { title: 'verdict', cell: toVerdict, as: 'word' },
          ],
          [
            { title: 'Asked for', rows: required },
            { title: 'Told beside them', rows: targets.filter(({ isRequired }) => !isRequired) },
          ],
        )
  }${
    unjudged.length === 0
      ? undefined
      : toTable<Unjudged>(
          'Not judged in this run',
          [
            { title: 'target', cell: ({ name }) => name },
            { title: 'why', cell: ({ why }) => why, as: 'prose' },
          ],
          [{ rows: unjudged }],
        )
  }</section>`
}

function toVerdict(target: Target): Markup {
  const word = describeVerdict(target)
  return target.isRequired && !target.ok ? markup`<b>${word}</b>` : markup`${word}`
}
