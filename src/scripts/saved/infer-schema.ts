import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

const MAX_DEPTH = 8
/** An object with more members is taken for a map. */
const MAX_MEMBERS = 40
const MAX_SAMPLES = 200

/** What follows from the values of examples, in broad types: no value of an example is part of the schema. */
export interface InferOptions {
  /** True: members that were not seen are refused. */
  readonly isClosed: boolean
}

/**
 * The schema that all the values fit. A member is required where it was in each of several objects; at the root one is enough,
 * because that is what the script itself writes.
 */
export function inferSchema(values: readonly Json[], { isClosed }: InferOptions): JsonObject {
  const infer = (all: readonly Json[], depth: number): JsonObject => {
    const samples = all.slice(0, MAX_SAMPLES)
    const known = samples.filter((value) => value !== null)
    // Of what was never there nothing is known but that it may be missing.
    if (known.length === 0 || depth > MAX_DEPTH) return {}
    const kinds = new Set(samples.map(kindOf))
    const objects = known.filter(isJsonObject)
    const items = known.flatMap((value) => (Array.isArray(value) ? (value as readonly Json[]) : []))
    return {
      type: kinds.size === 1 ? [...kinds][0] : [...kinds].sort(),
      ...(objects.length === 0 ? {} : inferMembers(objects, depth)),
      ...(items.length === 0 ? {} : { items: infer(items, depth + 1) }),
    }
  }

  const inferMembers = (objects: readonly JsonObject[], depth: number): JsonObject => {
    const members = new Map<string, Json[]>()
    for (const object of objects)
      for (const [name, value] of Object.entries(object)) {
        if (value !== undefined) members.set(name, [...(members.get(name) ?? []), value])
      }
    if (members.size > MAX_MEMBERS || [...members.keys()].some(isNoName))
      return { additionalProperties: infer([...members.values()].flat(), depth + 1) }
    const isCertain = objects.length > 1 || depth === 0
    const required = [...members].flatMap(([name, { length }]) =>
      isCertain && length === objects.length ? [name] : [],
    )
    return {
      properties: Object.fromEntries([...members].map(([name, own]) => [name, infer(own, depth + 1)])),
      ...(required.length === 0 ? {} : { required }),
      ...(isClosed ? { additionalProperties: false } : {}),
    }
  }
  return infer(values, 0)
}

function kindOf(value: Json): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** A path, an id, a date: what an object has as keys when it is a map. */
function isNoName(name: string): boolean {
  return name === '__proto__' || !/^[\p{ID_Start}$_][\p{ID_Continue}$-]*$/u.test(name)
}
