import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'

const REF_MAX = 1000

/** The reference of a schema: a dynamic one is read as a plain one, which is what it is in a schema that nobody extends. */
export function refOf(schema: JsonObject): string | undefined {
  for (const keyword of ['$ref', '$dynamicRef', '$recursiveRef']) {
    const ref = schema[keyword]
    if (typeof ref === 'string') return ref
  }
  return undefined
}

/**
 * What a local reference points at, or undefined. Remote references are never fetched: a schema comes from a stranger, and
 * a fetch would be a request that he makes from inside the network. Only own members are followed, never `__proto__`.
 */
export function resolveRef(
  root: JsonObject,
  ref: string,
  anchors: () => ReadonlyMap<string, JsonObject>,
): JsonObject | boolean | undefined {
  if (ref.length > REF_MAX) return undefined
  const hash = ref.indexOf('#')
  const base = hash < 0 ? ref : ref.slice(0, hash)
  const fragment = hash < 0 ? '' : ref.slice(hash + 1)
  const start = base === '' ? root : anchors().get(base)
  if (start === undefined || fragment === '') return start
  return fragment.startsWith('/') ? followPointer(start, fragment) : anchors().get(`#${fragment}`)
}

/** A readable name for what a `$ref` points at. */
export function refName(ref: string): string {
  const last = ref.slice(Math.max(ref.lastIndexOf('/'), ref.lastIndexOf('#')) + 1)
  const word = unescapePart(last)
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return word.slice(0, 40) || 'Self'
}

function followPointer(start: JsonObject, pointer: string): JsonObject | boolean | undefined {
  let target: Json | undefined = start
  for (const part of pointer.slice(1).split('/').map(unescapePart)) {
    if (Array.isArray(target))
      target = /^\d{1,6}$/.test(part) ? (target as readonly Json[])[Number(part)] : undefined
    else if (isJsonObject(target) && Object.hasOwn(target, part)) target = target[part]
    else return undefined
  }
  return isJsonObject(target) || typeof target === 'boolean' ? target : undefined
}

function unescapePart(part: string): string {
  let text = part
  try {
    text = decodeURIComponent(part)
  } catch {
    // Not percent-encoded: taken as it stands.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~')
}
