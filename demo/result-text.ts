import type { Result } from '../src/core/result.ts'

/** The text blocks of a result, as a model reads them. */
export function textOf({ content }: Result): string {
  return content.flatMap(({ text }) => (typeof text === 'string' ? [text] : [])).join('\n')
}
