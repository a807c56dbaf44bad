import type { JsonObject } from '../../src/core/json.ts'

/** The texts of content blocks, one to a line. */
export function textOf(content: readonly JsonObject[]): string {
  return content.map(({ text }) => (typeof text === 'string' ? text : '')).join('\n')
}
