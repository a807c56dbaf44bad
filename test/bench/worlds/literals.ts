import { parse, type AnyNode } from 'acorn'
import { transform } from 'sucrase'

import { isJsonObject, type Json } from '../../../src/core/json.ts'

/** Beyond it a number is a fact, and not a count or a place. */
const SMALL = 20

/** A text or a number that somebody must have from somewhere. */
export interface Literal {
  readonly text: string
  /** True where it need not be a whole word, as within a regular expression. */
  readonly isPart: boolean
}

/** The texts and the larger numbers that somebody who writes a script must have from somewhere. */
export function literalsOfScript(code: string): readonly Literal[] {
  const { code: plain } = transform(code, { transforms: ['typescript'], disableESTransforms: true })
  const root = parse(plain, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
  })
  const found: Literal[] = []
  walk(root, found)
  return found
}

function walk(value: unknown, found: Literal[]): void {
  if (Array.isArray(value)) return value.forEach((each) => walk(each, found))
  if (!isNode(value)) return
  if (value.type === 'Literal') {
    if ('regex' in value && value.regex) found.push(...piecesOf(value.regex.pattern))
    else found.push(...literalOf(value.value))
  } else if (value.type === 'TemplateElement') found.push(...literalOf(value.value.cooked))
  else Object.values(value).forEach((each) => walk(each, found))
}

function isNode(value: unknown): value is AnyNode {
  return typeof value === 'object' && value !== null && 'type' in value
}

/** What a regular expression says word for word. */
function piecesOf(pattern: string): readonly Literal[] {
  return pattern
    .replaceAll(/\\[a-zA-Z][+*?]*|\.[+*?]+|[()[\]^$|?*+]/g, '\u0000')
    .split('\u0000')
    .flatMap((piece) => literalOf(piece, true))
}

/** The same of arguments of a call: those of their expressions too. */
export function literalsOfArguments(value: Json): readonly Literal[] {
  if (Array.isArray(value)) return value.flatMap(literalsOfArguments)
  if (!isJsonObject(value)) return literalOf(value)
  const expression = value['$']
  if (typeof expression === 'string') return literalsOfExpression(expression)
  return Object.values(value).flatMap((each) => literalsOfArguments(each ?? null))
}

/** What stands in quotes, and the larger numbers. */
export function literalsOfExpression(text: string): readonly Literal[] {
  const quoted = Array.from(text.matchAll(/'((?:[^'\\]|\\.)*)'/g), ([, inner]) => inner ?? '')
  const rest = text.replaceAll(/'(?:[^'\\]|\\.)*'/g, ' ')
  const numbers = Array.from(rest.matchAll(/\b\d+(?:\.\d+)?\b/g), ([number]) => Number(number))
  return [...quoted.map((each) => each.replaceAll('\\n', '\n')), ...numbers].flatMap((each) =>
    literalOf(each),
  )
}

function literalOf(value: unknown, isPart = false): readonly Literal[] {
  if (typeof value === 'number') return value > SMALL ? [{ text: String(value), isPart }] : []
  // Blanks, commas and slashes by themselves tell nothing.
  return typeof value === 'string' && /[\p{L}\p{N}]/u.test(value) ? [{ text: value.trim(), isPart }] : []
}
