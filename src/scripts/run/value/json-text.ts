import type { Json } from '../../../core/json.ts'

/** Writes a value of a stranger; undefined where it is nested too deeply for that (test/attack/deep-results.test.ts). */
export function toJsonText(value: Json): string | undefined {
  try {
    return JSON.stringify(value)
  } catch {
    return undefined
  }
}
