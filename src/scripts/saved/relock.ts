import type { ScriptLock } from '../../config/schema/scripts.ts'
import type { ToolSpec } from '../../core/tool.ts'
import { findUsed } from './fit.ts'
import { currentKey, findRenamed } from './folder/lock.ts'
import type { Library } from './library.ts'

type Hash = (spec: ToolSpec) => string

/** Tools that are gone and seem to have another name now. */
export function findRenames(library: Library, hash: Hash): Readonly<Record<string, string>> {
  const { scripts } = library.loaded()
  const world = library.world()
  const { catalog, lock } = world
  const gone = new Set([...scripts.values()].flatMap(({ manifest }) => findUsed(manifest, world, hash).gone))
  return Object.fromEntries(
    [...gone].flatMap((key) => {
      // An alias may have been renamed in its turn: then the lock has the hash under that name.
      const last = Object.hasOwn(lock.aliases, key) ? (lock.aliases[key] ?? key) : key
      const now = findRenamed(last, catalog, lock, hash)
      return now === undefined ? [] : [[key, now]]
    }),
  )
}

/** The lock as things are: what fits is pinned as it is, what nobody uses is left out, the rest stays. */
export async function makeLock(
  library: Library,
  hash: Hash,
  renames: Readonly<Record<string, string>>,
): Promise<ScriptLock> {
  const scripts = [...library.loaded().scripts.values()]
  const { lock, catalog } = library.world()
  const used = new Set(scripts.flatMap(({ manifest }) => manifest.uses))
  const aliases = Object.fromEntries(
    Object.entries({ ...lock.aliases, ...renames }).filter(
      ([key]) => used.has(key) && catalog.get(key) === undefined,
    ),
  )
  const tools: Record<string, { readonly schema: string }> = {}
  for (const script of scripts) {
    const { state } = await library.fitOf(script)
    for (const use of script.manifest.uses) {
      const key = currentKey(use, catalog, { ...lock, aliases })
      const spec = catalog.get(key)
      const old = Object.hasOwn(lock.tools, key) ? lock.tools[key] : undefined
      if (spec !== undefined && (state === 'fits' || Object.hasOwn(renames, use)))
        tools[key] = { schema: hash(spec) }
      else if (old !== undefined) tools[key] ??= old
    }
  }
  return { version: 1, tools, aliases }
}
