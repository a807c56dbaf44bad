import { Environment } from '@marcbachmann/cel-js'

import type { Json } from '../core/json.ts'

/** The values that an expression may name. */
export type Names = Readonly<Record<string, unknown>>

/** Works out values of expressions in CEL over JSON. */
export interface Expressions {
  /** @throws Error where it cannot be told, with the reason in its first line */
  readonly evaluate: (text: string, names: Names) => Json
}

/**
 * Expressions over results of tools, with a few functions for lists besides those of CEL: `sum`, `highest`, `lowest`, `flatten`,
 * `unique`, `sorted` and `json` (reads a text). For texts of whoever runs the program: unlike conditions of rules they
 * may loop over what strangers send, and so they are not for rules.
 *
 * @param names that expressions may use
 */
export function createExpressions(names: readonly string[]): Expressions {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  })
    .registerFunction('sum(list): dyn', (values: readonly unknown[]) =>
      values.reduce<number>((total, value) => total + Number(value), 0),
    )
    .registerFunction('highest(list): dyn', (values: readonly unknown[]) => Math.max(...values.map(Number)))
    .registerFunction('lowest(list): dyn', (values: readonly unknown[]) => Math.min(...values.map(Number)))
    .registerFunction('flatten(list): list', (values: readonly unknown[]) => values.flat())
    .registerFunction('unique(list): list', (values: readonly unknown[]) => [...new Set(values)])
    .registerFunction('sorted(list): list', (values: readonly unknown[]) =>
      values.toSorted((a, b) => (typeof a === 'string' ? (a < String(b) ? -1 : 1) : Number(a) - Number(b))),
    )
    .registerFunction('json(string): dyn', (text: string) => JSON.parse(text) as unknown)
  for (const name of names) environment.registerVariable(name, 'dyn')
  const programs = new Map<string, (names: Names) => unknown>()
  return {
    evaluate(text, values) {
      let program = programs.get(text)
      if (program === undefined) programs.set(text, (program = environment.parse(text)))
      return toJson(program(values))
    },
  }
}

/** CEL has whole numbers of 64 bits, maps and lists of its own; JSON has numbers, objects and arrays. */
function toJson(value: unknown): Json {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(toJson)
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, of]) => [String(key), toJson(of)]))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, toJson(of)]))
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
}
