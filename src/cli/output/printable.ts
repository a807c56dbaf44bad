import { stripVTControlCharacters } from 'node:util'

import type { Output } from '../ports.ts'

/** Sequences that set titles or make links, with all that they carry; a stripper that knows fewer leaves their text. */
// oxlint-disable-next-line no-control-regex
const OPERATING_SYSTEM_COMMAND = /(?:\u001b\]|\u009d)[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)/g

/** Controls other than tab and line feed; and marks that turn the direction of text or hide. */
const INVISIBLE =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g

/**
 * Text that a stranger wrote, safe to show: without escape sequences (they can rewrite what stands on a terminal, or
 * send it commands), control characters and marks that make text look like something else.
 */
export function toPrintable(text: string): string {
  return stripVTControlCharacters(text.replaceAll(OPERATING_SYSTEM_COMMAND, '')).replaceAll(INVISIBLE, '')
}

/** The same on one line of at most `maxLength` characters. */
export function toLine(text: string, maxLength: number): string {
  const line = toPrintable(text.replaceAll(/\s+/g, ' ')).trim()
  return line.length <= maxLength ? line : `${line.slice(0, Math.max(0, maxLength - 1))}…`
}

/** Text of a stranger as it goes to an output: untouched into a file or a pipe, printable on a terminal. */
export function toOutput(text: string, output: Output): string {
  return output.isTerminal ? toPrintable(text) : text
}

/** A value as JSON. On a terminal, what could act on it is written as an escape, so that the JSON stays the same value. */
export function toJsonText(value: unknown, output: Output): string {
  const text = JSON.stringify(value, null, 2)
  if (!output.isTerminal) return text
  return text.replaceAll(INVISIBLE, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
