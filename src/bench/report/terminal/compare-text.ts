import {
  INPUT_TOLERANCE,
  type Change,
  type Comparison,
  type Regression,
  type TotalChange,
} from '../../analysis/compare.ts'
import { toBareChange, toChange, toCount, toCountOf } from '../numbers.ts'
import { toLines } from './columns.ts'
import { toSafe, toTyped, wrap, type Screen } from './plain.ts'

const MOST_ROWS = 20
const MOST_TEXT = 120

/** What became of a benchmark between two reports, as plain text without a last line feed. */
export function toCompareText(
  comparison: Comparison,
  screen: Screen = { isTerminal: false, columns: 80 },
): string {
  const { settings, tasks, unmatched, compared, changes, totals, regressions } = comparison
  const blocks: readonly (readonly string[])[] = [
    settings.length === 0
      ? ['Settings: the same.']
      : [
          'Settings that differ:',
          ...settings.flatMap(({ name, before, after }) =>
            wrap(`  ${name}: ${toSafe(before, MOST_TEXT)} -> ${toSafe(after, MOST_TEXT)}`, screen),
          ),
        ],
    [
      ...describeNames('Tasks only in the second', tasks.added, screen),
      ...describeNames('Tasks only in the first', tasks.removed, screen),
      ...(unmatched.before + unmatched.after === 0
        ? []
        : [
            `Not compared: ${toCountOf(unmatched.before, 'play')} of the first, ${toCount(unmatched.after)} of the second.`,
          ]),
      `Compared: ${toCountOf(compared, 'play')}; ${changes.length === 0 ? 'none differs' : `${toCount(changes.length)} differ`}.`,
    ],
    ...(totals.length === 0 ? [] : [toTotalLines(totals, screen)]),
    toRegressionLines(regressions, screen),
  ]
  return blocks.map((lines) => lines.join('\n')).join('\n\n')
}

function describeNames(title: string, names: readonly string[], screen: Screen): readonly string[] {
  if (names.length === 0) return []
  const more = names.length > MOST_ROWS ? `, and ${toCount(names.length - MOST_ROWS)} more` : ''
  const told = names.slice(0, MOST_ROWS).map((name) => toSafe(name, 64))
  return wrap(`${title}: ${told.join(', ')}${more}`, screen)
}

function toTotalLines(totals: readonly TotalChange[], screen: Screen): readonly string[] {
  const change = (of: (total: TotalChange) => Change) => (total: TotalChange) =>
    toBareChange(of(total).after / Math.max(1, of(total).before))
  return toLines<TotalChange>(
    [
      { title: 'TOOLS', cell: ({ tools }) => toCount(tools) },
      { title: 'MODE', cell: ({ mode }) => mode, isText: true },
      { title: 'SOLVED', cell: ({ solved, tasks }) => `${toStep(solved)} of ${toCount(tasks)}` },
      { title: 'INPUT', cell: ({ input }) => toStep(input), spare: 1 },
      { title: '%', cell: change(({ input }) => input) },
      { title: 'OUTPUT', cell: ({ output }) => toStep(output), spare: 2 },
      { title: '%', cell: change(({ output }) => output) },
      { title: 'TURNS', cell: ({ turns }) => toStep(turns), spare: 3 },
      { title: '%', cell: change(({ turns }) => turns) },
    ],
    totals,
    screen,
  )
}

function toRegressionLines(regressions: readonly Regression[], screen: Screen): readonly string[] {
  const rule = `newly failed, over ${String(INPUT_TOLERANCE * 100)}% more input tokens, or more turns`
  if (regressions.length === 0) return [`Regressions (${rule}): none.`]
  const more = regressions.length - MOST_ROWS
  return [
    ...wrap(`Regressions (${rule}): ${toCount(regressions.length)}.`, screen),
    ...regressions.slice(0, MOST_ROWS).flatMap((each) => wrap(`  ${describeRegression(each)}`, screen)),
    ...(more > 0 ? [`  and ${toCount(more)} more`] : []),
  ]
}

function describeRegression({ task, tools, mode, input, turns, because }: Regression): string {
  const why = because.map((reason) => {
    if (reason === 'failed') return 'failed, was solved'
    if (reason === 'turns') return `turns ${toStep(turns)}`
    return toTyped(`input ${toStep(input)} (${toChange(input.after / Math.max(1, input.before))})`)
  })
  return `${toSafe(task, 64)}, ${toCountOf(tools, 'tool')}, ${mode}: ${why.join('; ')}`
}

function toStep({ before, after }: Change): string {
  return before === after ? toCount(after) : `${toCount(before)} -> ${toCount(after)}`
}
