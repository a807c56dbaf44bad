import { AUTO_TOLERANCE } from '../../src/bench/analysis/auto.ts'
import type { Measure } from '../../src/bench/analysis/measure.ts'
import { describeBands, nameOfKind } from '../../src/bench/report/band-words.ts'
import type { Facts, Judged } from '../../src/bench/report/facts.ts'
import { toChange, toCount, toDollars, toTime } from '../../src/bench/report/numbers.ts'
import { numbers, toTable, words } from './table.ts'

const MOST_LOSSES = 10

/** Words for a measure. */
const NAMES: Readonly<Record<Judged, string>> = {
  input: 'input tokens',
  'cost-none': 'cost, nothing cached',
  'cost-cold': 'cost, cold cache',
  'cost-warm': 'cost, warm cache',
  'wall-cold': 'time, cold cache',
}

/** How often each mode is worse than classic, and the worst cases. */
export function toLossTables(facts: Facts, measures: readonly Judged[]): readonly string[] {
  const { findings, compared } = facts
  const modes = [...compared.keys()]
  const counts = measures.map((name) => [
    NAMES[name],
    ...modes.map((mode) => {
      const lost = findings[name].losses.filter((loss) => loss.mode === mode).length
      return `${toCount(lost)} of ${toCount(compared.get(mode) ?? 0)}`
    }),
  ])
  return [
    'How often a task at a size takes more than with classic:',
    toTable([words('By'), ...modes.map(numbers)], counts),
    ...measures.flatMap((name) => toWorst(facts, name)),
  ]
}

function toWorst({ findings }: Facts, name: Judged): readonly string[] {
  const { losses, measure } = findings[name]
  // Auto shows what another mode shows, and loses the same: it is counted and not told twice.
  const own = losses.filter(({ mode }) => mode !== 'auto')
  if (own.length === 0) return []
  const toValue = formatOf(measure)
  const told = own.slice(0, MOST_LOSSES)
  const rows = told.map(({ task, kind, mode, tools, value, classic, ratio }) => [
    task,
    kind,
    mode,
    toCount(tools),
    toValue(value),
    toValue(classic),
    toChange(ratio),
  ])
  const which =
    own.length > told.length ? `the worst ${told.length} of ${toCount(own.length)}` : 'all of them'
  return [
    `Losses of search and code by ${NAMES[name]}, ${which}:`,
    toTable(
      [...['Task', 'Kind', 'Mode'].map(words), ...['Tools', 'Takes', 'Classic takes', 'More'].map(numbers)],
      rows,
    ),
  ]
}

/** From how many tools on which mode is the cheapest. */
export function toCrossoverTable({ findings, kinds }: Facts, measures: readonly Judged[]): string {
  const rows = (['all', ...kinds] as const).map((kind) => [
    nameOfKind(kind),
    ...measures.map((name) => {
      const found = findings[name].crossovers.find((each) => each.kind === kind)
      return found === undefined ? '' : describeBands(found)
    }),
  ])
  return toTable([words('Kind'), ...measures.map((name) => words(capital(NAMES[name])))], rows)
}

/** Mode auto against the best of the others: how often it is within what it may be, and every case in which it is not. */
export function toAutoTables({ findings }: Facts, measures: readonly Judged[]): readonly string[] {
  const sums = measures.map((name) => {
    const { verdicts, above, worst } = findings[name].auto
    const where =
      worst === undefined
        ? ['', '']
        : [toChange(worst.ratio), `${worst.kind} at ${toCount(worst.tools)} tools`]
    return [
      NAMES[name],
      `${toCount(verdicts.length - above.length)} of ${toCount(verdicts.length)}`,
      ...where,
    ]
  })
  const cases = measures.flatMap((name) =>
    findings[name].auto.above.map(({ kind, tools, shown, best, ratio }) => [
      NAMES[name],
      kind,
      toCount(tools),
      shown.join(', '),
      best,
      toChange(ratio),
    ]),
  )
  const within = `within ${Math.round((AUTO_TOLERANCE - 1) * 100)} %`
  return [
    toTable([words('By'), numbers(capital(within)), numbers('Worst'), words('Where')], sums),
    ...(cases.length === 0
      ? []
      : [
          `All that are not ${within}:`,
          toTable(
            [
              ...['By', 'Kind'].map(words),
              numbers('Tools'),
              ...['Auto shows', 'Best'].map(words),
              numbers('More'),
            ],
            cases,
          ),
        ]),
  ]
}

function formatOf({ unit }: Measure): (value: number) => string {
  if (unit === '$') return toDollars
  return unit === 'ms' ? toTime : toCount
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`
}
