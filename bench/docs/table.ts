import { toTyped } from '../../src/bench/report/terminal/plain.ts'

/** A column of a table: its title, and whether its cells are words, which stand to the left, or numbers. */
export interface Heading {
  readonly title: string
  readonly isText?: boolean
}

/** A column of words. */
export function words(title: string): Heading {
  return { title, isText: true }
}

/** A column of numbers. */
export function numbers(title: string): Heading {
  return { title }
}

/** A table in Markdown, in signs that can be typed. */
export function toTable(headings: readonly Heading[], rows: readonly (readonly string[])[]): string {
  const toLine = (cells: readonly string[]): string => `| ${cells.map(toCell).join(' | ')} |`
  return [
    toLine(headings.map(({ title }) => title)),
    `| ${headings.map(({ isText = false }) => (isText ? '---' : '--:')).join(' | ')} |`,
    ...rows.map(toLine),
  ].join('\n')
}

function toCell(text: string): string {
  return toTyped(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\|*<]/g, (sign) => `\\${sign}`)
    .trim()
}
