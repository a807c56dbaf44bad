import { Environment } from '@marcbachmann/cel-js'

import type { Json } from '../core/json.ts'
import { countLoops } from './loops.ts'
import { createSteps, type Steps } from './steps.ts'

/** The values that an expression may name. */
export type Names = Readonly<Record<string, unknown>>

/** Works out values of expressions in CEL over JSON. */
export interface Expressions {
  /** @throws Error where it cannot be told, with the reason in its first line */
  readonly evaluate: (text: string, names: Names) => Json
  /** What is wrong with an expression, in words; undefined where nothing is. Compiles only. */
  readonly problem: (text: string) => string | undefined
}

/** The name under which what is gone over is counted; nobody writes it. */
const COUNTER = 'countedLoop'

/**
 * Expressions over results of tools, with a few functions for lists besides those of CEL: `sum`, `highest`, `lowest`, `flatten`,
 * `unique`, `sorted` and `json` (reads a text). For texts of whoever runs the program: unlike conditions of rules they
 * may loop over what strangers send, and so they are not for rules. The loops are bounded when they are compiled and when they run.
 *
 * @param names that expressions may use
 */
export function createExpressions(names: readonly string[]): Expressions {
  const steps = createSteps()
  const bounded = new Environment({
    enableOptionalTypes: true,
    limits: { maxAstNodes: 500, maxDepth: 32, maxListElements: 256, maxMapEntries: 64, maxCallArguments: 8 },
  })
  const environment = createEnvironment(names, steps)
  const programs = new Map<string, (names: Names) => unknown>()

  function compile(text: string): (names: Names) => unknown {
    const known = programs.get(text)
    if (known !== undefined) return known
    const program = environment.parse(countLoops(bounded.parse(text).ast, COUNTER))
    const { valid, error } = program.check()
    if (!valid) throw error ?? new Error('it is not well-formed')
    programs.set(text, program)
    return program
  }

  return {
    evaluate(text, values) {
      const program = compile(text)
      steps.begin(values)
      return toJson(program(values))
    },
    problem(text) {
      try {
        compile(text)
        return undefined
      } catch (error) {
        // The rest draws the place with an arrow.
        const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n', 1)
        return reason.replace(/\.$/, '')
      }
    },
  }
}

function createEnvironment(names: readonly string[], { count }: Steps): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
  })
    .registerFunction(`${COUNTER}(dyn): dyn`, count)
    .registerFunction('sum(list): dyn', (values: readonly unknown[]) =>
      toNumbers('sum', count(values)).reduce((total, value) => total + value, 0),
    )
    .registerFunction('highest(list): dyn', (values: readonly unknown[]) =>
      toSome('highest', count(values)).reduce((most, value) => Math.max(most, value)),
    )
    .registerFunction('lowest(list): dyn', (values: readonly unknown[]) =>
      toSome('lowest', count(values)).reduce((least, value) => Math.min(least, value)),
    )
    .registerFunction('flatten(list): list', (values: readonly unknown[]) => count(count(values).flat()))
    .registerFunction('unique(list): list', (values: readonly unknown[]) => [...new Set(count(values))])
    .registerFunction('sorted(list): list', (values: readonly unknown[]) =>
      count(values).toSorted((a, b) =>
        typeof a === 'string' ? (a < String(b) ? -1 : 1) : Number(a) - Number(b),
      ),
    )
    .registerFunction('json(string): dyn', (text: string) => JSON.parse(text) as unknown)
  for (const name of names) environment.registerVariable(name, 'dyn')
  return environment
}

/** Text is refused, digits or not: a tool that begins to write its numbers as texts must be seen. */
function toNumbers(name: string, values: readonly unknown[]): readonly number[] {
  return values.map((value) => {
    if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value))) return Number(value)
    const what =
      value === null || value === undefined ? 'null' : Array.isArray(value) ? 'a list' : typeof value
    throw new Error(`\`${name}\` is for numbers, and one of the list is ${what}`)
  })
}

function toSome(name: string, values: readonly unknown[]): readonly number[] {
  if (values.length === 0) throw new Error(`\`${name}\` of an empty list is nothing`)
  return toNumbers(name, values)
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
