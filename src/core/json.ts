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
