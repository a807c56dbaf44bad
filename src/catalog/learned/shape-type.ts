import type { SchemaType } from '../stubs/schema-type.ts'
import { arrayOf, atom, objectOf, type TypeNode, UNKNOWN, unionOf } from '../stubs/type-node.ts'
import { type FieldShape, isEmpty, isMap, mergeAll, type ObjectShape, type Shape } from './shape.ts'

/** Kinds of values, beside null, in one place: with more of them it is anything. */
const MAX_KINDS = 4
/** Names that are printed. */
const MAX_MEMBERS = 24
/** From so many members on that are all alike, the names are keys of a map. */
const ALIKE_MEMBERS = 4
/** From so many objects and names on, names that are mostly absent are keys of a map. */
const SPARSE_OBJECTS = 4
const SPARSE_MEMBERS = 8

/** The TypeScript type of a shape. Soft: it says what was seen, not what there can be. */
export function toSoftType(shape: Shape): SchemaType {
  return { type: typeOf(shape), helpers: new Map() }
}

function typeOf(shape: Shape): TypeNode {
  const kinds: TypeNode[] = []
  if (shape.string) kinds.push(atom('string'))
  if (shape.number) kinds.push(atom('number'))
  if (shape.boolean) kinds.push(atom('boolean'))
  if (shape.array !== undefined) kinds.push(arrayOf(typeOf(shape.array)))
  if (shape.object !== undefined) kinds.push(typeOfObject(shape.object))
  // Only null was seen: what else there may be is not known.
  if (kinds.length === 0 || kinds.length > MAX_KINDS) return UNKNOWN
  return unionOf(shape.null ? [...kinds, atom('null')] : kinds)
}

function typeOfObject(object: ObjectShape): TypeNode {
  if (isMap(object)) return objectOf([], typeOf(object.map))
  const { count, fields } = object
  if (fields.length === 0) return objectOf([], UNKNOWN)
  if (hasKeysForNames(count, fields)) return objectOf([], typeOf(mergeAll(fields)))
  const shown = fields.length > MAX_MEMBERS ? mostSeen(fields) : fields
  const members = shown.map(([name, seen, shape]) => ({
    name,
    optional: seen < count,
    type: typeOf(shape),
    doc: '',
  }))
  return objectOf(members, shown.length < fields.length ? UNKNOWN : undefined)
}

/** The names that were there most often, in their order. */
function mostSeen(fields: readonly FieldShape[]): readonly FieldShape[] {
  const kept = new Set(fields.toSorted((a, b) => b[1] - a[1]).slice(0, MAX_MEMBERS))
  return fields.filter((field) => kept.has(field))
}

/**
 * True where the names, although they look like names, are the keys of a map: people, branches, currencies. They may
 * belong to whoever made the call, and are not shown to others.
 */
function hasKeysForNames(count: number, fields: readonly FieldShape[]): boolean {
  if (fields.length >= ALIKE_MEMBERS && haveSameFields(fields)) return true
  if (!isOneKind(mergeAll(fields))) return false
  if (fields.length > MAX_MEMBERS) return true
  const seen = fields.reduce((sum, field) => sum + field[1], 0)
  return count >= SPARSE_OBJECTS && fields.length >= SPARSE_MEMBERS && seen * 3 < count * fields.length
}

/** True where all members are objects that share most of their names. */
function haveSameFields(fields: readonly FieldShape[]): boolean {
  const uses = new Map<string, number>()
  for (const [, , shape] of fields) {
    const { object } = shape
    if (object === undefined || isMap(object) || object.fields.length < 2) return false
    if (shape.string || shape.number || shape.boolean || shape.array) return false
    for (const [name] of object.fields) uses.set(name, (uses.get(name) ?? 0) + 1)
  }
  const shared = [...uses.values()].filter((times) => times === fields.length).length
  return shared >= 2 && shared * 2 >= uses.size
}

function isOneKind({ null: _null, ...kinds }: Shape): boolean {
  return !isEmpty(kinds) && Object.keys(kinds).length === 1
}
