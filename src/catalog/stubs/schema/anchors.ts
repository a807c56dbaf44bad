import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'

/** A schema of a stranger is looked through this far and no farther. */
const MAX_STEPS = 20_000

/**
 * The places of a schema that a `$ref` may name other than by a pointer: `#name` for `$anchor` and `$dynamicAnchor`, and the
 * `$id` of an embedded schema. The first of a name counts.
 */
export function findAnchors(root: JsonObject): ReadonlyMap<string, JsonObject> {
  const found = new Map<string, JsonObject>()
  const pending: Json[] = [root]
  for (let steps = 0; pending.length > 0 && steps < MAX_STEPS; steps++) {
    const part = pending.pop()
    if (typeof part !== 'object' || part === null) continue
    if (isJsonObject(part)) {
      for (const name of namesOf(part)) if (!found.has(name)) found.set(name, part)
    }
    for (const value of Object.values(part))
      if (typeof value === 'object' && value !== null) pending.push(value)
  }
  return found
}

function namesOf(schema: JsonObject): string[] {
  const names: string[] = []
  for (const keyword of ['$anchor', '$dynamicAnchor']) {
    const name = schema[keyword]
    if (typeof name === 'string') names.push(`#${name}`)
  }
  const id = schema['$id'] ?? schema['id']
  if (typeof id === 'string') names.push(id.replace(/#$/, ''))
  return names
}
