import { markup, type Markup, type Piece } from './markup.ts'

/** A column of a table. */
export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => Piece
  /** Words stand to the left, prose is also broken into lines; without either it is a number and stands to the right. */
  readonly as?: 'word' | 'prose'
}

/** Rows under one heading. */
export interface RowGroup<Row> {
  readonly title?: string
  readonly rows: readonly Row[]
}

/** A table that scrolls by itself where it is wider than the page. The first column names the row. A tall one also scrolls down by itself, under its heading. */
export function toTable<Row>(
  caption: string,
  columns: readonly Column<Row>[],
  groups: readonly RowGroup<Row>[],
  isTall = false,
): Markup {
  const shown = groups.filter(({ rows }) => rows.length > 0)
  return markup`<div class="scroll${isTall ? ' tall' : ''}" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption><thead><tr>${columns.map(
    ({ title, as }) => markup`<th scope="col"${classOf(as)}>${title}</th>`,
  )}</tr></thead>${shown.map(
    ({ title, rows }) =>
      markup`<tbody>${title === undefined ? undefined : markup`<tr><th scope="rowgroup" colspan="${columns.length}">${title}</th></tr>`}${rows.map((row) => toRow(columns, row))}</tbody>
`,
  )}</table></div>`
}

function toRow<Row>(columns: readonly Column<Row>[], row: Row): Markup {
  return markup`<tr>${columns.map(({ cell, as }, at) =>
    at === 0 ? markup`<th scope="row">${cell(row)}</th>` : markup`<td${classOf(as)}>${cell(row)}</td>`,
  )}</tr>`
}

function classOf(as: 'word' | 'prose' | undefined): Markup | undefined {
  if (as === undefined) return undefined
  return as === 'word' ? markup` class="t"` : markup` class="t p"`
}
