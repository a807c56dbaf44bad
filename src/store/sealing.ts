import type { Seal } from '../core/seal.ts'

const MARK = 'j1.'
const NUL = '\u0000'

/** Where there is no key nothing is sealed. PostgreSQL takes no text with a NUL, so such a text is written as JSON. */
export const PLAIN: Seal = Object.freeze({
  seal: (text: string) => (text.includes(NUL) || text.startsWith(MARK) ? MARK + JSON.stringify(text) : text),
  open: (text: string) => (text.startsWith(MARK) ? (JSON.parse(text.slice(MARK.length)) as string) : text),
})

/** Where a sealed value stands: its column and the primary key of its row. */
export function placeOf(column: string, ...key: readonly string[]): string {
  return `${column}:${JSON.stringify(key)}`
}
