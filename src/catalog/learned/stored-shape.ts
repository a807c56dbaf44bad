import { isJsonObject, type Json } from '../../core/json.ts'
import { isDataName } from './data-name.ts'
import { EMPTY_SHAPE, type FieldShape, isMap, objectShape, type Shape, SHAPE_DEPTH } from './shape.ts'

/** A shape as JSON may have this many characters. */
export const MAX_SHAPE_CHARS = 16_000

/**
 * Cuts a shape until its JSON is small enough: its deepest level first. What is cut is no longer known.
 *
 * @param depth the deepest level that is kept; to be handed in again next time, so that a shape at the limit does not
 *   grow and shrink with each result
 */
export function fitShape(
  shape: Shape,
  depth = SHAPE_DEPTH,
): { readonly shape: Shape; readonly depth: number } {
  for (let kept = depth; kept > 0; kept--) {
    const cut = kept === SHAPE_DEPTH ? shape : cutBelow(shape, kept)
    if (JSON.stringify(cut).length <= MAX_SHAPE_CHARS) return { shape: cut, depth: kept }
  }
  return { shape: cutBelow(shape, 0), depth: 0 }
}

/** Keeps `depth` levels of arrays and objects. */
function cutBelow(shape: Shape, depth: number): Shape {
  const { array, object, ...kinds } = shape
  if (array === undefined && object === undefined) return shape
  const inner = (part: Shape): Shape => (depth === 0 ? EMPTY_SHAPE : cutBelow(part, depth - 1))
  return {
    ...kinds,
    ...(array === undefined ? {} : { array: inner(array) }),
    ...(object === undefined
      ? {}
      : {
          object:
            isMap(object) || depth === 0
              ? { count: object.count, map: isMap(object) ? inner(object.map) : EMPTY_SHAPE }
              : {
                  count: object.count,
                  fields: object.fields.map(([name, seen, part]): FieldShape => [name, seen, inner(part)]),
                },
        }),
  }
}

/** Reads a shape that was stored; undefined where it is none. What is in a file may have been written by anybody. */
export function parseShape(json: Json | undefined, depth = SHAPE_DEPTH + 1): Shape | undefined {
  if (!isJsonObject(json) || depth < 0) return undefined
  const { array, object } = json
  const item = array === undefined ? undefined : parseShape(array, depth - 1)
  const inner = object === undefined ? undefined : parseObject(object, depth - 1)
  if ((array !== undefined && item === undefined) || (object !== undefined && inner === undefined))
    return undefined
  return {
    ...(json['null'] === true ? { null: true } : {}),
    ...(json['boolean'] === true ? { boolean: true } : {}),
    ...(json['number'] === true ? { number: true } : {}),
    ...(json['string'] === true ? { string: true } : {}),
    ...(item === undefined ? {} : { array: item }),
    ...(inner === undefined ? {} : { object: inner }),
  }
}

function parseObject(json: Json, depth: number): Shape['object'] {
  if (!isJsonObject(json) || !isCount(json['count'])) return undefined
  const { count, map, fields } = json
  if (map !== undefined) {
    const shape = parseShape(map, depth)
    return shape === undefined ? undefined : { count, map: shape }
  }
  if (!Array.isArray(fields)) return undefined
  const parsed: FieldShape[] = []
  let last = ''
  for (const field of fields as readonly Json[]) {
    const [name, seen, part] = Array.isArray(field) ? (field as readonly Json[]) : []
    const shape = parseShape(part, depth)
    if (typeof name !== 'string' || isDataName(name) || name <= last || !isCount(seen) || shape === undefined)
      return undefined
    parsed.push([name, seen, shape])
    last = name
  }
  return objectShape(count, parsed)
}

function isCount(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0
}
