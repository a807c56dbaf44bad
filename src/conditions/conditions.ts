import { setFlagsFromString } from 'node:v8'

import { Environment, type ASTNode } from '@marcbachmann/cel-js'

import { GatewayError } from '../core/errors.ts'
import type { JsonObject } from '../core/json.ts'
import { namesIn, unboundedBy } from './bounds.ts'
import { writeExpression } from './write.ts'

/** What a condition may look at. */
export interface Facts {
  /** `id` and `kind`; `organisation`, `team` and `key` are empty texts where there are none. */
  readonly principal: JsonObject
  /** `server`, `name`, `key` (`server.name`), `kind`, and `readOnly` by the word of the operator. */
  readonly tool: JsonObject
  readonly door: string
  readonly args: JsonObject
}

/** A compiled expression. */
export interface Condition {
  /** True where what it says may depend on the arguments. */
  readonly usesArguments: boolean
  /** `error`: it cannot be told, because a member is missing or of another type. Whoever asks decides what is safe then. */
  readonly test: (facts: Facts) => boolean | 'error'
}

/** Compiles expressions in CEL, each text once. */
export interface Conditions {
  /** @throws GatewayError `config_invalid` */
  readonly compile: (text: string) => Condition
  /** What is wrong with an expression, in words; undefined where nothing is. */
  readonly problem: (text: string) => string | undefined
}

/** Of expressions; beyond it the oldest are compiled anew when they are needed. */
const MAX_KEPT = 10_000
/** The flag of V8's linear engine. */
const LINEAR = 'l'
/** The name under which an expression reaches the linear engine; nobody writes it. */
const LINEAR_MATCHES = 'linearMatches'

/**
 * Makes the compiler. Expressions are the operator's, arguments are strangers': what an expression does with them is bounded when it is
 * compiled, and patterns run on V8's linear engine. Source of the language: https://cel.dev, through @marcbachmann/cel-js.
 */
export function createConditions(): Conditions {
  // Idempotent, and off by default in V8: allows the flag `l` below.
  setFlagsFromString('--enable-experimental-regexp-engine')
  const environment = new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 500, maxDepth: 32, maxListElements: 256, maxMapEntries: 64, maxCallArguments: 8 },
  })
    .registerVariable('principal', 'map')
    .registerVariable('tool', 'map')
    .registerVariable('door', 'string')
    .registerVariable('args', 'dyn')
    .registerFunction(`string.${LINEAR_MATCHES}(string): bool`, (text: string, pattern: string) =>
      new RegExp(pattern, LINEAR).test(text),
    )
  const compiled = new Map<string, Condition>()

  function make(text: string): Condition {
    const { ast } = environment.parse(text)
    const reason = unboundedBy(ast)
    if (reason !== undefined) throw new Error(reason)
    const program = environment.parse(linear(ast))
    const { valid, type, error } = program.check()
    if (!valid) throw error ?? new Error('it is not well-formed')
    if (type !== 'bool' && type !== 'dyn') throw new Error(`it gives ${type}, not true or false`)
    return {
      usesArguments: namesIn(ast).has('args'),
      test(facts) {
        try {
          const value: unknown = program(facts)
          return typeof value === 'boolean' ? value : 'error'
        } catch {
          return 'error'
        }
      },
    }
  }

  return {
    compile(text) {
      let condition = compiled.get(text)
      if (condition !== undefined) return condition
      try {
        condition = make(text)
      } catch (error) {
        throw new GatewayError(
          'config_invalid',
          `The condition \`${text.slice(0, 200)}\`: ${reasonOf(error)}.`,
        )
      }
      if (compiled.size >= MAX_KEPT) compiled.delete(compiled.keys().next().value ?? '')
      compiled.set(text, condition)
      return condition
    },
    problem(text) {
      try {
        compiled.set(text, make(text))
        return undefined
      } catch (error) {
        return reasonOf(error)
      }
    },
  }
}

/** The expression with `matches` on the linear engine: the library's own backtracks, and cannot be replaced. */
function linear(ast: ASTNode): string {
  return writeExpression(ast, (node, to) => {
    if (node.op !== 'rcall' || node.args[0] !== 'matches') return undefined
    return `${to(node.args[1])}.${LINEAR_MATCHES}(${node.args[2].map(to).join(', ')})`
  })
}

/** The first line: the rest draws the place with an arrow. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]?.replace(/\.$/, '') ?? ''
}
