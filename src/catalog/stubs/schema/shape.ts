import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { Conversion } from './conversion.ts'
import {
  arrayOf,
  atom,
  type Member,
  NEVER,
  objectOf,
  tupleOf,
  type TypeNode,
  UNKNOWN,
  unionOf,
} from '../type-node.ts'

const MAX_MEMBERS = 1000
const MAX_TUPLE = 64
const MAX_KEY = 200

/** The type of an object by `properties`, `required`, `additionalProperties` and `patternProperties`. */
export function objectType(
  own: JsonObject,
  depth: number,
  hasBranches: boolean,
  conversion: Conversion,
): TypeNode {
  const { members, isCut } = membersOf(own, depth, conversion)
  const extra = extraOf(own, depth, conversion)
  if (isCut) return objectOf(members, UNKNOWN)
  if (extra !== undefined) return objectOf(members, fittingIndex(extra, members))
  if (members.length > 0) return objectOf(members, undefined)
  // A bare `object` beside a combinator: the branches say which members it has.
  if (hasBranches) return UNKNOWN
  const isClosed = own['additionalProperties'] === false
  return objectOf([], isClosed ? NEVER : UNKNOWN)
}

function membersOf(
  own: JsonObject,
  depth: number,
  conversion: Conversion,
): { members: Member[]; isCut: boolean } {
  const properties = isJsonObject(own['properties']) ? own['properties'] : {}
  const required = new Set(Array.isArray(own['required']) ? (own['required'] as readonly Json[]) : [])
  const members: Member[] = []
  const add = (name: string, schema: Json | undefined): boolean => {
    if (members.length >= MAX_MEMBERS || name.length > MAX_KEY || !conversion.spend()) return false
    const type = schema === undefined ? UNKNOWN : conversion.convert(schema, depth + 1)
    members.push({ name, optional: !required.has(name), type, doc: conversion.doc(schema, name) })
    return true
  }
  let isCut = false
  for (const name in properties) {
    if (members.length >= MAX_MEMBERS) {
      isCut = true
      break
    }
    if (Object.hasOwn(properties, name) && !add(name, properties[name])) isCut = true
  }
  for (const name of required) {
    if (typeof name !== 'string' || Object.hasOwn(properties, name)) continue
    if (add(name, undefined)) continue
    isCut = true
    break
  }
  return { members, isCut }
}

/** The type of the members that have no name in the schema; undefined where it names none. */
function extraOf(own: JsonObject, depth: number, conversion: Conversion): TypeNode | undefined {
  const types: TypeNode[] = []
  const extra = own['additionalProperties']
  const patterns = own['patternProperties']
  if (extra === true || isJsonObject(extra)) types.push(conversion.convert(extra, depth + 1))
  if (isJsonObject(patterns)) {
    for (const schema of Object.values(patterns).slice(0, MAX_TUPLE))
      types.push(conversion.convert(schema, depth + 1))
  }
  return types.length === 0 ? undefined : unionOf(types)
}

/** In TypeScript an index signature must fit all named members as well. */
function fittingIndex(extra: TypeNode, members: readonly Member[]): TypeNode {
  if (members.length === 0) return extra
  if (members.length > 8) return UNKNOWN
  const optional = members.some((member) => member.optional) ? [atom('undefined')] : []
  return unionOf([extra, ...members.map((member) => member.type), ...optional])
}

/** The type of an array: `items`, `prefixItems`, and `items` as a list with `additionalItems` (draft-07). */
export function tupleOrArray(
  own: JsonObject,
  depth: number,
  hasBranches: boolean,
  conversion: Conversion,
): TypeNode {
  const items = own['items']
  const listed = own['prefixItems'] ?? items
  if (!Array.isArray(listed)) {
    if (items === undefined) return hasBranches ? UNKNOWN : arrayOf(UNKNOWN)
    return items === false ? tupleOf([], 0, undefined) : arrayOf(conversion.convert(items, depth + 1))
  }
  if (listed.length === 0 || listed.length > MAX_TUPLE) return arrayOf(UNKNOWN)
  const rest = own['prefixItems'] === undefined ? own['additionalItems'] : items
  const max = own['maxItems']
  const min = own['minItems']
  const isClosed = rest === false || (typeof max === 'number' && max <= listed.length)
  return tupleOf(
    (listed as readonly Json[]).map((item) => conversion.convert(item, depth + 1)),
    typeof min === 'number' ? Math.max(0, Math.min(min, listed.length)) : 0,
    isClosed ? undefined : isJsonObject(rest) ? conversion.convert(rest, depth + 1) : UNKNOWN,
  )
}
