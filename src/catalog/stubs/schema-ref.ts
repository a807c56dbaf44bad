import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'

/**
 * What a local `$ref` points at, or undefined. Remote references are never fetched: a schema comes from a stranger, and
 * a fetch would be a request that he makes from inside the network. Only own members are followed, never `__proto__`.
 */
export function resolveRef(root: JsonObject, ref: string): JsonObject | boolean | undefined {
  const pointer = localPointer(root, ref)
  if (pointer === undefined) return undefined
  let target: Json | undefined = root
  for (const part of pointer) {
    if (Array.isArray(target))
      target = /^\d{1,6}$/.test(part) ? (target as readonly Json[])[Number(part)] : undefined
    else if (isJsonObject(target) && Object.hasOwn(target, part)) target = target[part]
    else return undefined
  }
  return isJsonObject(target) || typeof target === 'boolean' ? target : undefined
}

/** A readable name for what a `$ref` points at. */
export function refName(ref: string): string {
  const last = ref.slice(ref.lastIndexOf('/') + 1)
  const word = unescapePart(last)
    .replace(/[^A-Za-z0-9_]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return word.slice(0, 40) || 'Self'
}

function localPointer(root: JsonObject, ref: string): string[] | undefined {
  if (ref.length > 1000) return undefined
  const hash = ref.indexOf('#')
  const base = hash < 0 ? ref : ref.slice(0, hash)
  const id = root['$id'] ?? root['id']
  if (base !== '' && !(typeof id === 'string' && id.replace(/#$/, '') === base)) return undefined
  const fragment = hash < 0 ? '' : ref.slice(hash + 1)
  if (fragment === '') return []
  return fragment.startsWith('/') ? fragment.slice(1).split('/').map(unescapePart) : undefined
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
