import { AUTO_TOLERANCE } from '../../analysis/auto.ts'
import { sumOf } from '../../analysis/pairs.ts'
import type { Loss } from '../../analysis/totals.ts'
import { describeBands, nameOfKind } from '../band-words.ts'
import { TIME_CACHING, type Facts, type Judged } from '../facts.ts'
import { toChange, toCount, toCountOf } from '../numbers.ts'
import { toLines } from './columns.ts'
import { toSafe, toTyped, wrap, type Screen } from './plain.ts'

const MOST_LOSSES = 10
const MOST_FAILURES = 20
const MOST_NAME = 40
const MOST_REASON = 300

const MEASURES: readonly { readonly name: Judged; readonly words: string }[] = [
  { name: 'input', words: 'input tokens' },
  { name: 'cost-none', words: 'cost, nothing cached' },
  { name: 'cost-cold', words: 'cost, cold cache' },
]

/** From how many tools on which mode is the cheapest. */
export function toCrossoverLines({ findings }: Facts, screen: Screen): readonly string[] {
  return MEASURES.flatMap(({ name, words }) => [
    `By ${words}:`,
    ...findings[name].crossovers.flatMap((each) => {
      const leftOut = each.leftOut === 0 ? '' : ` (${toCountOf(each.leftOut, 'task')} left out)`
      return wrap(`  ${nameOfKind(each.kind)}: ${describeBands(each)}${leftOut}`, screen)
    }),
  ])
}

/** How far mode auto is from the best, where it is furthest. */
export function toAutoLines({ findings }: Facts, screen: Screen): readonly string[] {
  return MEASURES.flatMap(({ name, words }) => {
    const { verdicts, worst, above } = findings[name].auto
    if (worst === undefined) return []
    const within = `${toCount(verdicts.length - above.length)} of ${toCount(verdicts.length)} within ${String(Math.round((AUTO_TOLERANCE - 1) * 100))}% of the best mode`
    const where = `${worst.kind} at ${toCountOf(worst.tools, 'tool')} (${worst.shown.join('/')}; best ${worst.best})`
    return wrap(toTyped(`Auto by ${words}: ${within}; at worst ${toChange(worst.ratio)}, ${where}`), screen)
  })
}

/** The worst losses, and how many more there are. */
export function toLossLines({ findings, compared }: Facts, screen: Screen): readonly string[] {
  const { losses } = findings.input
  const counts = [...compared].map(([mode, of]) => {
    const own = losses.filter((loss) => loss.mode === mode).length
    return `${mode} in ${toCount(own)} of ${toCount(of)}`
  })
  const more = losses.length - MOST_LOSSES
  const all = sumOf([...compared.values()], (of) => of)
  return [
    ...wrap(`More input tokens than classic: ${counts.join(', ')} comparisons.`, screen),
    ...(losses.length === 0 ? [] : toLossTable(losses.slice(0, MOST_LOSSES), screen)),
    ...(more > 0
      ? wrap(`and ${toCount(more)} more; the HTML report lists all, also by cost and time.`, screen)
      : []),
    ...(['cost-cold', 'wall-cold'] as const).flatMap((name) => {
      const what = name === 'cost-cold' ? 'Higher cost' : 'More time'
      const count = `${toCount(findings[name].losses.length)} of ${toCount(all)} comparisons`
      return wrap(`${what} than classic (${TIME_CACHING} cache): ${count}.`, screen)
    }),
  ]
}

function toLossTable(losses: readonly Loss[], screen: Screen): readonly string[] {
  return toLines<Loss>(
    [
      { title: 'TASK', cell: ({ task }) => toSafe(task, MOST_NAME), isText: true },
      { title: 'KIND', cell: ({ kind }) => kind, isText: true, spare: 2 },
      { title: 'MODE', cell: ({ mode }) => mode, isText: true },
      { title: 'TOOLS', cell: ({ tools }) => toCount(tools) },
      { title: 'INPUT', cell: ({ value }) => toCount(value) },
      { title: 'CLASSIC', cell: ({ classic }) => toCount(classic), spare: 1 },
      { title: 'MORE', cell: ({ ratio }) => toChange(ratio) },
    ],
    losses,
    screen,
  )
}

/** What was not solved, and why. */
export function toFailureLines({ failures, report }: Facts, screen: Screen): readonly string[] {
  if (failures.length === 0) return [`Failures: none in ${toCountOf(report.points.length, 'play')}.`]
  const more = failures.length - MOST_FAILURES
  return [
    `Failures: ${toCount(failures.length)} of ${toCountOf(report.points.length, 'play')}.`,
    ...failures.slice(0, MOST_FAILURES).flatMap(({ task, tools, mode, shown, reason }) => {
      const how = mode === shown ? mode : `${mode} (${shown})`
      const why = reason === undefined ? 'not told' : toSafe(reason, MOST_REASON)
      return wrap(`  ${toSafe(task, MOST_NAME)}, ${toCountOf(tools, 'tool')}, ${how}: ${why}`, screen)
    }),
    ...(more > 0 ? [`  and ${toCount(more)} more`] : []),
  ]
}
