import { createExpressions } from '../../conditions/expressions.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type { Answer } from '../stage.ts'

/** Results of the steps of a policy so far: for each step a list. */
export type Steps = Readonly<Record<string, readonly Json[]>>

const expressions = createExpressions(['steps', 'item', 'result'])

/** What an expression of a task gives. @throws Error with the reason */
export function evaluate(text: string, names: { steps?: Steps; item?: Json; result?: Json }): Json {
  return expressions.evaluate(text, { steps: {}, item: null, result: null, ...names })
}

/** Arguments with the values of their expressions in the place of each `{ "$": EXPRESSION }`. @throws Error */
export function fill(args: JsonObject, names: { steps: Steps; item?: Json }): JsonObject {
  const filled = fillValue(args, names)
  return isJsonObject(filled) ? filled : {}
}

function fillValue(value: Json, names: { steps: Steps; item?: Json }): Json {
  if (Array.isArray(value)) return value.map((each) => fillValue(each, names))
  if (!isJsonObject(value)) return value
  const text = value['$']
  if (typeof text === 'string' && Object.keys(value).length === 1) return evaluate(text, names)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fillValue(each ?? null, names)]))
}

/** What a later expression sees of an answer. */
export function toEntry({ isError, text, value }: Answer): Json {
  return isError ? { error: text } : value
}

/** True for the same JSON. Numbers may differ by what adding them up in another order makes, and a number may be written as a text. */
export function isSame(a: Json, b: Json): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, index) => isSame(each, b[index] ?? null))
  if (isJsonObject(a) && isJsonObject(b)) {
    const keys = Object.keys(a)
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => key in b && isSame(a[key] ?? null, b[key] ?? null))
    )
  }
  if (isScalar(a) && isScalar(b)) return String(a) === String(b)
  return a === b
}

function isScalar(value: Json): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
