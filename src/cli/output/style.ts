import { styleText } from 'node:util'

import type { Output } from '../ports.ts'

/** Colours for an output: nothing changes where it is no terminal, or where NO_COLOR is set. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly warn: (text: string) => string
}

/** Makes the style of an output. */
export function createStyle({ stream }: Output): Style {
  const painter = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    styleText(format, text, { stream, validateStream: true })
  return Object.freeze({
    bold: painter('bold'),
    dim: painter('dim'),
    good: painter('green'),
    bad: painter('red'),
    warn: painter('yellow'),
  })
}
