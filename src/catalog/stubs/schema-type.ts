import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { findAnchors } from './schema/anchors.ts'
import type { Conversion } from './schema/conversion.ts'
import { docOf } from './schema/doc.ts'
import { typeOfEnum, typeOfValue } from './schema/literal.ts'
import { objectType, tupleOrArray } from './schema/shape.ts'
import { refName, refOf, resolveRef } from './schema/ref.ts'
import { loosenTuples } from './loose-tuples.ts'
import { cutCircles, type Helper } from './type-helpers.ts'
import { atom, intersectionOf, NEVER, refTo, type TypeNode, UNKNOWN, unionOf } from './type-node.ts'

/** The type of a schema, with the named types that it refers to. */
export interface SchemaType {
  readonly type: TypeNode
  readonly helpers: ReadonlyMap<string, Helper>
}

/** Bounds of one conversion: what goes beyond becomes `unknown`. */
export interface SchemaLimits {
  readonly depth: number
  readonly nodes: number
  /** 0 where nobody reads descriptions. */
  readonly docChars: number
}

/** What a description costs at least of the budget. */
const DOC_COST = 20

export const SCHEMA_LIMITS: SchemaLimits = Object.freeze({ depth: 40, nodes: 10_000, docChars: 200_000 })

/**
 * Converts a JSON Schema (2020-12 or draft-07) to a type. Never throws and never fetches. A schema of a
 * stranger may be deep, wide, circular or all of these: each node costs budget, and the rest is `unknown`.
 */
export function schemaToType(schema: Json | undefined, limits: SchemaLimits = SCHEMA_LIMITS): SchemaType {
  const root = isJsonObject(schema) ? schema : {}
  const helpers = new Map<string, Helper>()
  const nameOf = new Map<JsonObject, string>()
  let places: ReadonlyMap<string, JsonObject> | undefined
  const anchors = () => (places ??= findAnchors(root))
  let nodes = limits.nodes
  let docChars = limits.docChars

  const conversion: Conversion = {
    convert: (part, depth) => {
      if (depth > limits.depth || nodes <= 0) return UNKNOWN
      nodes--
      if (part === false) return NEVER
      return isJsonObject(part) ? convertObject(part, depth) : UNKNOWN
    },
    doc: (part, name) => {
      if (!isJsonObject(part) || docChars <= 0) return ''
      const text = docOf(part, name)
      // Reading costs as well, also where nothing comes of it.
      docChars -= Math.max(text.length, DOC_COST)
      return text
    },
    spend: () => nodes-- > 0,
  }

  const convertRef = (ref: string, depth: number): TypeNode => {
    const target = resolveRef(root, ref, anchors)
    if (target === undefined || target === true) return UNKNOWN
    if (target === false) return NEVER
    const known = nameOf.get(target)
    if (known !== undefined) return refTo(known)
    const name = freeName(refName(ref), helpers)
    nameOf.set(target, name)
    helpers.set(name, { node: UNKNOWN })
    helpers.set(name, { node: conversion.convert(target, depth + 1) })
    return refTo(name)
  }

  const convertObject = (own: JsonObject, depth: number): TypeNode => {
    const parts: TypeNode[] = []
    const branches: TypeNode[] = []
    const ref = refOf(own)
    if (ref !== undefined) branches.push(convertRef(ref, depth))
    if (Array.isArray(own['allOf'])) {
      for (const branch of own['allOf'] as readonly Json[])
        branches.push(conversion.convert(branch, depth + 1))
    }
    for (const keyword of ['anyOf', 'oneOf']) {
      const options = own[keyword]
      if (!Array.isArray(options) || options.length === 0) continue
      branches.push(
        unionOf((options as readonly Json[]).map((option) => conversion.convert(option, depth + 1))),
      )
    }
    parts.push(ownType(own, depth, branches.length > 0, conversion), ...branches)
    const type = intersectionOf(parts)
    return own['nullable'] === true ? unionOf([type, atom('null')]) : type
  }

  const named = isJsonObject(schema) && usesRootRef(schema)
  const type = named ? convertRef('#', 0) : conversion.convert(schema, 0)
  return { type, helpers: loosenTuples(cutCircles(helpers)) }
}

const ROOT_REFS: ReadonlySet<string> = new Set(['#', '#/'])

/** Whether `#` may be referred to: then the root itself needs a name. Looks at the text only, and not far. */
function usesRootRef(schema: JsonObject): boolean {
  const pending: Json[] = [schema]
  for (let steps = 0; pending.length > 0 && steps < 20_000; steps++) {
    const part = pending.pop()
    if (typeof part !== 'object' || part === null) continue
    if (isJsonObject(part) && ROOT_REFS.has(refOf(part) ?? '')) return true
    for (const value of Object.values(part))
      if (typeof value === 'object' && value !== null) pending.push(value)
  }
  return false
}

/** The type of a schema by its own keywords, without `$ref` and the combinators. */
function ownType(own: JsonObject, depth: number, hasBranches: boolean, conversion: Conversion): TypeNode {
  if (own['const'] !== undefined) return typeOfValue(own['const'])
  const options = own['enum']
  const types = typesOf(own, hasBranches)
  if (Array.isArray(options)) {
    const fitting =
      types === undefined
        ? options
        : options.filter((option: Json) => types.some((type) => isOfType(option, type)))
    return typeOfEnum((fitting.length > 0 ? fitting : options) as readonly Json[])
  }
  if (types === undefined) return UNKNOWN
  return unionOf(types.map((type) => typeOfKeyword(type, own, depth, hasBranches, conversion)))
}

function typeOfKeyword(
  type: string,
  own: JsonObject,
  depth: number,
  hasBranches: boolean,
  conversion: Conversion,
): TypeNode {
  if (type === 'string' || type === 'number' || type === 'boolean' || type === 'null') return atom(type)
  if (type === 'integer') return atom('number')
  if (type === 'array') return tupleOrArray(own, depth, hasBranches, conversion)
  if (type === 'object') return objectType(own, depth, hasBranches, conversion)
  // `any` and inventions: whatever it is, it must not make the stub invalid.
  return UNKNOWN
}

const SHAPES: readonly (readonly [type: string, keywords: readonly string[]])[] = [
  ['object', ['properties', 'required', 'additionalProperties', 'patternProperties']],
  ['array', ['items', 'prefixItems']],
]
const LIMITS: readonly (readonly [type: string, keywords: readonly string[]])[] = [
  ['object', ['minProperties', 'maxProperties', 'propertyNames']],
  ['array', ['minItems', 'maxItems', 'uniqueItems', 'contains']],
  ['string', ['pattern', 'minLength', 'maxLength', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
]

/** The types that a schema allows, declared or inferred from its keywords; undefined where it says nothing. */
function typesOf(own: JsonObject, hasBranches: boolean): readonly string[] | undefined {
  const declared = own['type']
  if (typeof declared === 'string') return [declared]
  if (Array.isArray(declared)) {
    const names = (declared as readonly Json[]).filter((name) => typeof name === 'string')
    if (names.length > 0) return names
  }
  // Beside a combinator a bare limit tells nothing of the type: the branches do.
  for (const [type, keywords] of hasBranches ? SHAPES : [...SHAPES, ...LIMITS])
    if (keywords.some((keyword) => own[keyword] !== undefined)) return [type]
  return undefined
}

function isOfType(value: Json, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isJsonObject(value)
  if (type === 'integer') return typeof value === 'number'
  return typeof value === type
}

function freeName(word: string, taken: ReadonlyMap<string, Helper>): string {
  let name = word
  for (let i = 2; taken.has(name); i++) name = `${word}${i}`
  return name
}
