/** Any value that JSON can carry. Readonly: what came over a wire is never changed in place. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object. `undefined` stands for an absent member, as JSON.stringify treats it. */
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

/** True for a plain JSON object: not null, not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** True where arrays and objects are nested more than `levels` deep. Does not recurse: the value is a stranger's. */
export function isDeeperThan(value: Json | undefined, levels: number): boolean {
  let level: (Json | undefined)[] = [value]
  for (let depth = 0; depth <= levels; depth++) {
    const next: (Json | undefined)[] = []
    for (const item of level) {
      if (typeof item === 'object' && item !== null) for (const inner of Object.values(item)) next.push(inner)
    }
    if (next.length === 0) return false
    level = next
  }
  return true
}

/**
 * JSON with sorted keys, for what is hashed or compared: the order in which members are written says nothing. It recurses, so it is
 * only for what is known not to be nested deeply.
 */
export function canonicalJson(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonicalJson(item)).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`
}
