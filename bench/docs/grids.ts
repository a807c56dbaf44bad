import type { Ratios, Total } from '../../src/bench/analysis/totals.ts'
import type { BenchReport } from '../../src/bench/points.ts'
import type { TaskKind } from '../../src/config/tasks/schema.ts'
import type { Mode } from '../../src/core/mode.ts'
import { nameOfKind } from '../../src/bench/report/band-words.ts'
import { toFacts, type Facts } from '../../src/bench/report/facts.ts'
import { toChange, toCount } from '../../src/bench/report/numbers.ts'
import { numbers, toTable, words } from './table.ts'

/** A report of a model that makes so many calls in one turn, at the most. */
export interface Limited {
  readonly parallelCalls: number
  readonly report: BenchReport
}

/** A column of numbers about the tasks of one mode at one size. */
export interface TotalColumn {
  readonly title: string
  readonly cell: (total: Total) => string
}

/** A change against classic; nothing for classic itself. */
export function changeOf(title: string, of: (ratios: Ratios) => number): TotalColumn {
  return {
    title,
    cell: ({ mode, ratios }) => (mode === 'classic' || ratios === undefined ? '' : toChange(of(ratios))),
  }
}

/** One row for each size and mode. */
export function toSizeTable({ sizes, modes, totalOf }: Facts, columns: readonly TotalColumn[]): string {
  const rows = sizes.flatMap((tools) =>
    modes.flatMap((mode) => {
      const total = totalOf(tools, mode, 'all')
      return total === undefined ? [] : [[toCount(tools), mode, ...columns.map(({ cell }) => cell(total))]]
    }),
  )
  return toTable([numbers('Tools'), words('Mode'), ...columns.map(({ title }) => numbers(title))], rows)
}

/** One row for each kind, one column for each size: how a mode differs from classic. */
export function toKindGrid(
  { sizes, kinds, totalOf }: Facts,
  mode: Mode,
  of: (ratios: Ratios) => number,
): string {
  const rows = (['all', ...kinds] as const).map((kind) => [
    nameOfKind(kind),
    ...sizes.map((tools) => {
      const ratios = totalOf(tools, mode, kind)?.ratios
      return ratios === undefined ? '' : toChange(of(ratios))
    }),
  ])
  return toTable([words('Kind'), ...sizes.map((tools) => numbers(toCount(tools)))], rows)
}

/** One row for each kind at one size, one column for each mode. */
export function toModeGrid(
  { modes, kinds, totalOf }: Facts,
  tools: number,
  cell: (total: Total) => string,
): string {
  const rows = (['all', ...kinds] as const).map((kind) => [
    nameOfKind(kind),
    ...modes.map((mode) => {
      const total = totalOf(tools, mode, kind)
      return total === undefined ? '' : cell(total)
    }),
  ])
  return toTable([words('Kind'), ...modes.map(numbers)], rows)
}

/** Some sums of mode code against classic, for a model that makes as many calls in a turn as it can, and for models that do not. */
export function toLimitTable(
  report: BenchReport,
  limited: readonly Limited[],
  tools: number,
  kinds: readonly (TaskKind | 'all')[],
  columns: readonly { readonly title: string; readonly of: (ratios: Ratios) => number }[],
): string {
  const all = [
    { name: 'all that can', facts: toFacts(report) },
    ...limited.map((each) => ({ name: toCount(each.parallelCalls), facts: toFacts(each.report) })),
  ]
  const rows = all.flatMap(({ name, facts }) =>
    kinds.flatMap((kind) => {
      const [classic, code] = (['classic', 'code'] as const).map((mode) => facts.totalOf(tools, mode, kind))
      const ratios = code?.ratios
      if (classic === undefined || code === undefined || ratios === undefined) return []
      return [
        [
          name,
          nameOfKind(kind),
          toCount(classic.turns),
          toCount(code.turns),
          ...columns.map(({ of }) => toChange(of(ratios))),
        ],
      ]
    }),
  )
  return toTable(
    [
      words('Calls in a turn'),
      words('Kind'),
      numbers('Turns, classic'),
      numbers('Turns, code'),
      ...columns.map(({ title }) => numbers(title)),
    ],
    rows,
  )
}
