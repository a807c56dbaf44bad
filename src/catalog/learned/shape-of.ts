import type { Json, JsonObject } from '../../core/json.ts'
import { isDataName, MAX_NAMES } from './data-name.ts'
import {
  EMPTY_SHAPE,
  type FieldShape,
  objectShape,
  type ObjectShape,
  type Shape,
  SHAPE_DEPTH,
} from './shape.ts'
import { mergeShapes } from './shape.ts'

/** Values of one result that are looked at. */
const MAX_NODES = 2_000
/** Items of an array, or of a map, that are looked at. */
const MAX_ITEMS = 50
/** Fewer items are looked at where each would have less than this of the nodes: some whole ones tell more than many parts. */
const ITEM_NODES = 16

const NULL: Shape = Object.freeze({ null: true })
const BOOLEAN: Shape = Object.freeze({ boolean: true })
const NUMBER: Shape = Object.freeze({ number: true })
const STRING: Shape = Object.freeze({ string: true })

/**
 * The shape of one result. However large or deep it is, a bounded number of values is looked at, shared out so that a long
 * list does not hide what stands after it. What is not looked at is EMPTY_SHAPE.
 */
export function shapeOf(result: Json): Shape {
  let left = MAX_NODES

  /** Looks at values, each with its share; `spared` nodes are for others. */
  function shapesOf(values: readonly Json[], depth: number, spared: number): readonly Shape[] {
    const nested = values.filter(isNested).length
    let waiting = nested
    return values.map((value) => {
      if (!isNested(value)) return shapeAt(value, depth, spared)
      waiting--
      const share = Math.max(0, left - spared) / (waiting + 1)
      return shapeAt(value, depth, spared + share * waiting)
    })
  }

  /** What is no object and no array is looked at in any case: the width of what holds it is bounded. */
  function shapeAt(value: Json, depth: number, spared: number): Shape {
    const hasRoom = left > spared
    left--
    if (value === null) return NULL
    if (typeof value === 'string') return STRING
    if (typeof value === 'number') return NUMBER
    if (typeof value === 'boolean') return BOOLEAN
    if (!hasRoom) return EMPTY_SHAPE
    if (isList(value)) return { array: itemsOf(value.slice(0, MAX_ITEMS), depth, spared) }
    return { object: objectAt(value, depth, spared) }
  }

  function itemsOf(values: readonly Json[], depth: number, spared: number): Shape {
    if (depth >= SHAPE_DEPTH) return EMPTY_SHAPE
    let room = Math.max(1, Math.floor((left - spared) / ITEM_NODES))
    const sample = values.filter((value) => !isNested(value) || room-- > 0)
    return shapesOf(sample, depth + 1, spared).reduce(mergeShapes, EMPTY_SHAPE)
  }

  function objectAt(value: JsonObject, depth: number, spared: number): ObjectShape {
    const names = namesOf(value)
    if (names.length > MAX_NAMES || names.some(isDataName)) {
      const values = names.slice(0, MAX_ITEMS).map((name) => value[name] ?? null)
      return { count: 1, map: itemsOf(values, depth, spared) }
    }
    if (depth >= SHAPE_DEPTH) return { count: 1, map: EMPTY_SHAPE }
    const values = names.map((name) => value[name] ?? null)
    const shapes = shapesOf(values, depth + 1, spared)
    const fields = names.map((name, index): FieldShape => [name, 1, shapes[index] ?? EMPTY_SHAPE])
    return objectShape(1, fields)
  }

  return shapeAt(result, 0, 0)
}

function isNested(value: Json): boolean {
  return typeof value === 'object' && value !== null
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}

/** The names of the members that are there, in order; no more of them than tell that it is a map. */
function namesOf(value: JsonObject): readonly string[] {
  const names: string[] = []
  for (const name in value) {
    if (!Object.hasOwn(value, name) || value[name] === undefined) continue
    names.push(name)
    if (names.length > MAX_NAMES) break
  }
  return names.sort()
}
