import type { KeyView, OrganisationView, TeamView } from '../../core/identity-desk.ts'
import { toJsonText, toLine } from '../output/printable.ts'
import { createStyle } from '../output/style.ts'
import type { Output } from '../ports.ts'

/** Any of the three, as it is shown. */
export type AnyView = OrganisationView | TeamView | KeyView

/** A column of a table. */
export interface Column<View> {
  readonly title: string
  readonly cell: (view: View) => string
}

const MAX_CELL = 40

/** A table with a line for each; the last column is not filled up. */
export function toTable<View>(
  views: readonly View[],
  columns: readonly Column<View>[],
  stdout: Output,
): string {
  const { dim } = createStyle(stdout)
  const rows = [
    columns.map(({ title }) => title),
    ...views.map((view) => columns.map(({ cell }) => toLine(cell(view), MAX_CELL))),
  ]
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  const lines = rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  return [dim(lines[0] ?? ''), ...lines.slice(1)].join('\n')
}

/** Where it stands. */
export function sourceOf({ isDeclared }: AnyView): string {
  return isDeclared ? 'configuration' : 'store'
}

/** One of them with everything. */
export function toDetails(view: AnyView, stdout: Output): string {
  const { bold, dim } = createStyle(stdout)
  const { id, settings, ...rest } = view
  const { policy, limits, ...about } = settings
  const facts = { ...rest, ...about, isDeclared: undefined, secrets: undefined, from: sourceOf(view) }
  const width = 12
  const lines = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${dim(name.padEnd(width))}${toLine(String(value), 200)}`)
  const secrets =
    'secrets' in view
      ? view.secrets.map(
          ({ hint, until }) =>
            `${dim('secret'.padEnd(width))}${hint}…${until === undefined ? '' : ` until ${until}`}`,
        )
      : []
  return [
    bold(id),
    ...lines,
    ...secrets,
    dim('policy'),
    toJsonText(policy, stdout),
    dim('limits'),
    toJsonText(limits, stdout),
  ].join('\n')
}
