import { toText, type Figure } from '../figure.ts'
import { withoutPaths } from './machine.ts'
import { numbers, toTable, words } from './table.ts'

/** What came of a benchmark, and where. */
export interface Measured {
  /** ISO 8601, the day. */
  readonly date: string
  readonly machine: string
  readonly versions: string
  readonly figures: readonly Figure[]
  /** Tables besides the figures, in Markdown. */
  readonly more?: readonly string[]
}

/** A part of the page: when and where, the figures, and what there is besides. */
export function toMeasured({ date, machine, versions, figures, more = [] }: Measured): string {
  const when = `Measured on ${date} with ${versions}. Machine: ${machine}.`
  return [when, toVerdict(figures), toFigureTable(figures), ...more].join('\n\n')
}

/** Misses are said before the table, where nobody can overlook them. */
function toVerdict(figures: readonly Figure[]): string {
  const judged = figures.filter(({ target }) => target !== undefined)
  const missed = figures.filter(({ ok }) => !ok)
  if (judged.length === 0 && missed.length === 0) return 'These figures have no targets.'
  if (missed.length === 0) return `All targets are met (${judged.length}).`
  const names = missed.map(({ name }) => name).join('; ')
  return `**Missed: ${missed.length} of ${judged.length} targets**: ${withoutPaths(names).replaceAll('*', '\\*')}.`
}

function toFigureTable(figures: readonly Figure[]): string {
  const hasNotes = figures.some(({ note }) => note !== undefined)
  const headings = [words('Figure'), numbers('Value'), words('Unit'), numbers('Target'), words('Met')]
  return toTable(
    hasNotes ? [...headings, words('Remark')] : headings,
    figures.map(({ name, value, unit, target, ok, note, spread, better }) => [
      name,
      spread === undefined ? toText(value) : `${toText(value)} ± ${(spread * 100).toFixed(1)} %`,
      unit,
      target === undefined ? '' : `${better === 'higher' ? '≥' : '≤'} ${toText(target)}`,
      // Some targets are stricter than a limit: then a figure says so itself.
      ok ? (target === undefined ? '' : 'yes') : '**no**',
      ...(hasNotes ? [withoutPaths(note ?? '')] : []),
    ]),
  ).replaceAll('\\*\\*no\\*\\*', '**no**')
}
