import { toolKey } from '../core/tool.ts'
import type { Catalog } from './catalog.ts'

/** Keys (`server.tool`) by what became of them from one catalog to the next. */
export interface CatalogDiff {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  /** The definition is another one; the order of members does not count. */
  readonly changed: readonly string[]
}

/** Compares two catalogs by the definitions that the servers sent. */
export function diffCatalogs(before: Catalog, after: Catalog): CatalogDiff {
  const added: string[] = []
  const changed: string[] = []
  for (const spec of after.tools) {
    const key = toolKey(spec.ref)
    const old = before.get(key)
    if (old === undefined) added.push(key)
    else if (old !== spec && !sameJson(old.definition, spec.definition)) changed.push(key)
  }
  const removed = before.tools.map((spec) => toolKey(spec.ref)).filter((key) => after.get(key) === undefined)
  return Object.freeze({ added, removed, changed })
}

/** Deep equality with a stack of its own: a definition may be nested deeper than the call stack reaches. */
function sameJson(left: unknown, right: unknown): boolean {
  const pending: [unknown, unknown][] = [[left, right]]
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [a, b] = pair
    if (a === b) continue
    if (!isTree(a) || !isTree(b) || Array.isArray(a) !== Array.isArray(b)) return false
    const keys = Object.keys(a)
    if (keys.length !== Object.keys(b).length) return false
    for (const key of keys) {
      if (!Object.hasOwn(b, key)) return false
      pending.push([a[key], b[key]])
    }
  }
  return true
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
