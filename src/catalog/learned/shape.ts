import { isMapOfNames } from './data-name.ts'

/**
 * What was seen in one place of many results: kinds of values and names of members, never a value. Plain JSON. Shapes
 * form a lattice under `mergeShapes`, with EMPTY_SHAPE, of which nothing is known, at its bottom.
 */
export interface Shape {
  readonly null?: true
  readonly boolean?: true
  readonly number?: true
  readonly string?: true
  /** The items of arrays. */
  readonly array?: Shape
  readonly object?: ObjectShape
}

/** Objects with names of their own, or objects whose names are data. */
export type ObjectShape = RecordShape | MapShape

export interface RecordShape {
  /** Objects that were seen. */
  readonly count: number
  /** In the order of their names. */
  readonly fields: readonly FieldShape[]
}

export interface MapShape {
  readonly count: number
  readonly map: Shape
}

/** A member, and in how many objects it was there. */
export type FieldShape = readonly [name: string, seen: number, shape: Shape]

export const EMPTY_SHAPE: Shape = Object.freeze({})

/** Nesting beyond this is not looked at. */
export const SHAPE_DEPTH = 6

/**
 * What is known when both are known. Commutative, associative, and idempotent but for the counts, so that it does not
 * matter which result came first (test/catalog/learned/shape-laws.test.ts).
 */
export function mergeShapes(a: Shape, b: Shape): Shape {
  if (isEmpty(a)) return b
  if (isEmpty(b)) return a
  const array = a.array && b.array ? mergeShapes(a.array, b.array) : (a.array ?? b.array)
  const object = a.object && b.object ? mergeObjects(a.object, b.object) : (a.object ?? b.object)
  return {
    ...(a.null || b.null ? { null: true } : {}),
    ...(a.boolean || b.boolean ? { boolean: true } : {}),
    ...(a.number || b.number ? { number: true } : {}),
    ...(a.string || b.string ? { string: true } : {}),
    ...(array === undefined ? {} : { array }),
    ...(object === undefined ? {} : { object }),
  }
}

/** Makes the shape of an object with these fields: a record, or a map where the names look like data. */
export function objectShape(count: number, fields: readonly FieldShape[]): ObjectShape {
  return isMapOfNames(fields.map(([name]) => name)) ? { count, map: mergeAll(fields) } : { count, fields }
}

export function isMap(object: ObjectShape): object is MapShape {
  return 'map' in object
}

/** The members of a record, as if they were all the same member. */
export function mergeAll(fields: readonly FieldShape[]): Shape {
  return fields.reduce((merged, [, , shape]) => mergeShapes(merged, shape), EMPTY_SHAPE)
}

/** Nothing is known of it, not even whether there is anything. */
export function isEmpty(shape: Shape): boolean {
  for (const _ in shape) return false
  return true
}

function mergeObjects(a: ObjectShape, b: ObjectShape): ObjectShape {
  const count = a.count + b.count
  if (isMap(a) || isMap(b)) return { count, map: mergeShapes(mapOf(a), mapOf(b)) }
  return objectShape(count, mergeFields(a.fields, b.fields))
}

function mapOf(object: ObjectShape): Shape {
  return isMap(object) ? object.map : mergeAll(object.fields)
}

/** Both lists are in the order of their names, and so is the result. */
function mergeFields(a: readonly FieldShape[], b: readonly FieldShape[]): readonly FieldShape[] {
  const merged: FieldShape[] = []
  let [i, j] = [0, 0]
  for (;;) {
    const [left, right] = [a[i], b[j]]
    if (left === undefined) return [...merged, ...b.slice(j)]
    if (right === undefined) return [...merged, ...a.slice(i)]
    if (left[0] === right[0]) merged.push([left[0], left[1] + right[1], mergeShapes(left[2], right[2])])
    else merged.push(left[0] < right[0] ? left : right)
    if (left[0] <= right[0]) i++
    if (right[0] <= left[0]) j++
  }
}
