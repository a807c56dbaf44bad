import { toTyped, type Screen } from './plain.ts'

/** A column of a table on a terminal. */
export interface TextColumn<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  /** Words stand to the left, numbers to the right. */
  readonly isText?: boolean
  /** Left out where there is no room; of several the highest first. */
  readonly spare?: number
}

/** Lines of a table: titles, then rows. Spare columns give way on a narrow terminal. */
export function toLines<Row>(
  columns: readonly TextColumn<Row>[],
  rows: readonly Row[],
  screen: Screen,
): readonly string[] {
  const written = columns.map(({ title, cell, isText = false, spare }) => {
    const texts = [title, ...rows.map((row) => toTyped(cell(row)))]
    const width = Math.max(...texts.map(({ length }) => length))
    return { spare, width, texts: texts.map((text) => (isText ? text.padEnd(width) : text.padStart(width))) }
  })
  const kept = new Set(written)
  const spares = written
    .filter(({ spare }) => spare !== undefined)
    .sort((a, b) => (b.spare ?? 0) - (a.spare ?? 0))
  for (const column of spares) {
    const width = [...kept].reduce((sum, each) => sum + each.width + 2, -2)
    if (!screen.isTerminal || width <= screen.columns) break
    kept.delete(column)
  }
  return [undefined, ...rows].map((_, at) =>
    [...kept]
      .map(({ texts }) => texts[at] ?? '')
      .join('  ')
      .trimEnd(),
  )
}
