import type { Interval } from '../analysis/confidence.ts'
import { toChange, toCount, toDollars, toMean, toShare, toTime } from '../report/numbers.ts'
import type { LiveReport } from './report.ts'
import type { LiveMeasure, ModeSummary } from './summary.ts'

const MAX_FAILURES = 20
const MAX_REASON = 200
const NONE = '–'

const SHOW: Readonly<Record<LiveMeasure, (value: number) => string>> = {
  turns: toMean,
  input: toCount,
  output: toCount,
  dollars: toDollars,
  wallMs: toTime,
}
const TITLES: Readonly<Record<LiveMeasure, string>> = {
  turns: 'TURNS',
  input: 'INPUT',
  output: 'OUTPUT',
  dollars: 'COST',
  wallMs: 'TIME',
}
const MEASURES = ['turns', 'input', 'output', 'dollars', 'wallMs'] as const

/** A report for a terminal, without colours. Reasons are words of strangers: whoever prints it makes them printable. */
export function toLiveText(report: LiveReport): string {
  const { summaries } = report
  const against = summaries.filter(({ againstClassic }) => againstClassic !== undefined)
  return [
    ...headLines(report),
    '',
    ...toTable([['MODE', 'SOLVED', 'RATE (95 %)', 'CACHED', ...titles()], ...summaries.map(modeRow)]),
    ...(against.length === 0
      ? []
      : [
          '',
          'Against classic, where both solved the task:',
          '',
          ...toTable([againstHead(), ...against.map(againstRow)]),
        ]),
    ...differenceLines(against),
    ...failureLines(report),
    '',
    ...endLines(report),
    '',
  ].join('\n')
}

function headLines({ model, catalog, tasks, modes, repeats, pricing }: LiveReport): readonly string[] {
  const { input, output, cacheRead, cacheWrite } = pricing
  return [
    `${model.name} at ${model.host}, ${toCount(catalog.tools)} tools (${catalog.source}): ${tasks.length} tasks x ${modes.length} modes x ${repeats} repeats.`,
    `Tokens by the provider's own count; $${input} and $${output} for a million read and written, $${cacheRead} from its cache, $${cacheWrite} into it.`,
    'Figures are means of a play, with what holds the true mean with 95 % confidence.',
  ]
}

function titles(): readonly string[] {
  return MEASURES.map((measure) => TITLES[measure])
}

function modeRow({ mode, trials, success, cachedShare, mean }: ModeSummary): readonly string[] {
  return [
    mode,
    `${Math.round((success?.value ?? 0) * trials)}/${trials}`,
    success === undefined ? NONE : toRange(success, toShare),
    cachedShare === undefined ? NONE : toShare(cachedShare),
    ...MEASURES.map((measure) => (mean === undefined ? NONE : toRange(mean[measure], SHOW[measure]))),
  ]
}

function againstHead(): readonly string[] {
  return ['MODE', 'PAIRS', ...titles()]
}

function againstRow({ mode, againstClassic }: ModeSummary): readonly string[] {
  const cells = MEASURES.map((measure) => {
    const ratio = againstClassic?.measures[measure].ratio
    return ratio === undefined ? NONE : toChange(ratio)
  })
  return [mode, toCount(againstClassic?.pairs ?? 0), ...cells]
}

/** Says which differences might be chance. Where there is none at all, there is nothing to say. */
function differenceLines(against: readonly ModeSummary[]): readonly string[] {
  const open = against.flatMap(({ mode, againstClassic }) =>
    MEASURES.filter((measure) => !isCertain(againstClassic?.measures[measure].difference)).map(
      (measure) => `${mode} ${TITLES[measure].toLowerCase()}`,
    ),
  )
  if (against.length === 0) return []
  return [
    '',
    open.length === 0
      ? 'None of these differences is likely to be chance.'
      : `May be chance: ${open.join(', ')}.`,
  ]
}

function isCertain(difference: Interval | undefined): boolean {
  const { value, low, high } = difference ?? {}
  if (value === 0) return true
  return low !== undefined && high !== undefined && (low > 0 || high < 0)
}

function failureLines({ plays }: LiveReport): readonly string[] {
  const failures = plays.filter(({ ok }) => !ok)
  if (failures.length === 0) return []
  const shown = failures.slice(0, MAX_FAILURES).map(({ task, mode, repeat, outcome, reason = '' }) => {
    const line = reason.replaceAll(/\s+/g, ' ')
    return `  ${task}, ${mode}, ${repeat}: ${outcome}, ${line.length > MAX_REASON ? `${line.slice(0, MAX_REASON)}…` : line}`
  })
  const more = failures.length - shown.length
  return ['', 'Not solved:', ...shown, ...(more > 0 ? [`  and ${more} more`] : [])]
}

function endLines({ end, plays, total, spent, maxDollars }: LiveReport): readonly string[] {
  const { usage, dollars, unmeasured } = spent
  const unchecked = new Set(plays.filter((play) => !play.isChecked).map(({ task }) => task))
  const limit = maxDollars === undefined ? '' : ` of at most ${toDollars(maxDollars)}`
  return [
    `Spent ${toDollars(dollars)}${limit}: ${toCount(usage.input)} tokens read (${toCount(usage.cachedInput)} from the cache), ${toCount(usage.output)} written.`,
    ...(unchecked.size === 0
      ? []
      : [`Not in the rates, as nothing shows whether they are solved: ${[...unchecked].join(', ')}.`]),
    ...(unmeasured === 0
      ? []
      : [
          `${unmeasured} of the plays ended with a request that failed or was given up: what that cost is not known.`,
        ]),
    ...(end.why === 'done'
      ? []
      : [`Not complete: ${plays.length} of ${total} plays; ${end.reason ?? end.why}.`]),
  ]
}

function toRange({ value, low, high }: Interval, show: (value: number) => string): string {
  return low === undefined || high === undefined
    ? show(value)
    : `${show(value)} (${show(low)} to ${show(high)})`
}

function toTable(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}
