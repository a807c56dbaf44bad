import { createHash } from 'node:crypto'

import type { Catalog } from '../../../catalog/catalog.ts'
import type { ScriptLock } from '../../../config/schema/scripts.ts'
import { canonicalJson, isDeeperThan, type Json } from '../../../core/json.ts'
import { nearest } from '../../../core/nearest.ts'
import { toolKey, type ToolSpec } from '../../../core/tool.ts'

const MAX_DEPTH = 200

/** The hash of the schemas of a tool. What is said about it in words is not part of it, but for what the schemas say. */
export function createSchemaHash(): (spec: ToolSpec) => string {
  const known = new WeakMap<ToolSpec, string>()
  return (spec) => {
    let hash = known.get(spec)
    if (hash === undefined) known.set(spec, (hash = hashOf(spec)))
    return hash
  }
}

function hashOf({ inputSchema, outputSchema }: ToolSpec): string {
  const schemas = { input: inputSchema, output: outputSchema ?? null }
  // A schema is a stranger's: one that is this deep is taken as it is written.
  const text = isDeeperThan(schemas, MAX_DEPTH) ? writeAsIs(schemas) : canonicalJson(schemas)
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

function writeAsIs(schemas: Json): string {
  try {
    return JSON.stringify(schemas)
  } catch {
    return 'too deep to be written'
  }
}

/** The key that a tool has now: its own while there is such a tool, else that of its alias. */
export function currentKey(key: string, catalog: Catalog, { aliases }: ScriptLock): string {
  if (catalog.get(key) !== undefined || !Object.hasOwn(aliases, key)) return key
  return aliases[key] ?? key
}

/** The hash that a tool had when its scripts were last checked. */
export function lockedHash({ tools }: ScriptLock, key: string): string | undefined {
  return Object.hasOwn(tools, key) ? tools[key]?.schema : undefined
}

/**
 * The tool that one which is gone has become: one of the same server with the same schemas. Where several have them, the one
 * with the most similar name, if there is one.
 */
export function findRenamed(
  key: string,
  catalog: Catalog,
  lock: ScriptLock,
  hash: (spec: ToolSpec) => string,
): string | undefined {
  const wanted = lockedHash(lock, key)
  const [server, name] = splitKey(key)
  const same = catalog.tools.filter(({ ref }) => ref.server === server)
  const candidates = same.filter((spec) => hash(spec) === wanted)
  if (candidates.length === 1 && candidates[0] !== undefined) return toolKey(candidates[0].ref)
  const [best] = nearest(
    name,
    candidates.map(({ ref }) => ref.name),
    1,
  )
  return best === undefined ? undefined : `${server}.${best}`
}

/** A server's name never holds a dot. */
export function splitKey(key: string): readonly [server: string, name: string] {
  const dot = key.indexOf('.')
  return [key.slice(0, dot), key.slice(dot + 1)]
}

/** The lock as it is written: sorted, so that a difference is the difference. */
export function printLock({ tools, aliases }: ScriptLock): string {
  const sorted = <Value>(record: Readonly<Record<string, Value>>): Record<string, Value> =>
    Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify({ version: 1, tools: sorted(tools), aliases: sorted(aliases) }, null, 2)}\n`
}
