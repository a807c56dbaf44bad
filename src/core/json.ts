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
