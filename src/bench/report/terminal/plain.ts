import { stripVTControlCharacters } from 'node:util'

/** Where a text is shown. Where it is no terminal, lines are as long as they are. */
export interface Screen {
  readonly isTerminal: boolean
  readonly columns: number
}

/** Controls, and marks that turn the direction of text or hide. */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g

/** A stranger's words on one line, without what could act on a terminal. */
export function toSafe(text: string, maxLength: number): string {
  const line = stripVTControlCharacters(text).replaceAll(/\s+/g, ' ').replaceAll(INVISIBLE, '').trim()
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`
}

/** A number as a page has it, in signs that can be typed: for what is searched and cut by programs. */
export function toTyped(text: string): string {
  return text.replaceAll('\u00a0%', '%').replaceAll('\u00a0', ' ').replaceAll('−', '-').replaceAll('–', '-')
}

/** A text in lines that fit, all but the first one moved in by two. */
export function wrap(text: string, { isTerminal, columns }: Screen): readonly string[] {
  const width = Math.max(40, columns)
  if (!isTerminal || text.length <= width) return [text]
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`
    if (next.length > width && line.trim() !== '') {
      lines.push(line)
      line = `  ${word}`
    } else line = next
  }
  return [...lines, line]
}
