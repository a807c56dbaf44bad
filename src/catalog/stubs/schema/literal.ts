import type { Json, JsonObject } from '../../../core/json.ts'
import { stringLiteral } from '../text.ts'
import { arrayOf, atom, literal, objectOf, tupleOf, type TypeNode, UNKNOWN, unionOf } from '../type-node.ts'

const MAX_OPTIONS = 400
const MAX_STRING = 300
const MAX_DEPTH = 6
const MAX_WIDTH = 50

/** The type of one value, for `const`. Large values become broad types. */
export function typeOfValue(value: Json, depth = 0): TypeNode {
  if (value === null) return atom('null')
  if (typeof value === 'string')
    return value.length > MAX_STRING ? atom('string') : literal(stringLiteral(value), 'string')
  if (typeof value === 'boolean') return literal(String(value), 'boolean')
  if (typeof value === 'number')
    return Number.isFinite(value) ? literal(String(value), 'number') : atom('number')
  if (depth >= MAX_DEPTH) return UNKNOWN
  if (Array.isArray(value)) {
    const items = value as readonly Json[]
    if (items.length > MAX_WIDTH) return arrayOf(UNKNOWN)
    const types = items.map((item) => typeOfValue(item, depth + 1))
    return tupleOf(types, types.length, undefined)
  }
  const entries = Object.entries(value as JsonObject)
  if (entries.length > MAX_WIDTH) return objectOf([], UNKNOWN)
  return objectOf(
    entries.map(([name, member]) => ({
      name,
      optional: false,
      type: typeOfValue(member ?? null, depth + 1),
      doc: '',
    })),
    undefined,
  )
}

/** The type of an `enum`. A list too long to be read becomes the types of its values. */
export function typeOfEnum(values: readonly Json[]): TypeNode {
  const types = values.slice(0, MAX_OPTIONS).map((value) => typeOfValue(value))
  if (values.length <= MAX_OPTIONS) return unionOf(types)
  return unionOf(types.map((type) => (type.kind === 'atom' ? atom(type.base) : UNKNOWN)))
}
