import type { Catalog } from '../../../catalog/catalog.ts'
import type { ScriptLock } from '../../../config/schema/scripts.ts'
import type { DiscoveryView } from '../../discovery/discovery.ts'
import { currentKey, splitKey } from './lock.ts'

/** A view in which tools that were renamed are found under their old names too. What is there under a name wins. */
export function withAliases(view: DiscoveryView, lock: ScriptLock): DiscoveryView {
  return Object.keys(lock.aliases).length === 0
    ? view
    : { ...view, catalog: aliasedCatalog(view.catalog, lock) }
}

/** The same for a catalog alone. */
export function aliasedCatalog(catalog: Catalog, lock: ScriptLock): Catalog {
  const old = Object.keys(lock.aliases)
  if (old.length === 0) return catalog
  const { names } = catalog
  // Each half as the script may write it: what the server said, or its identifier.
  const bySpelling = new Map(
    old.flatMap((key) => {
      const [server, name] = splitKey(key)
      const target = currentKey(key, catalog, lock)
      const ref = catalog.get(target)?.ref
      if (ref === undefined) return []
      const servers = new Set([server, names.serverIdentifier(server) ?? server])
      const spelled = new Set([name, name.replaceAll(/[^\p{ID_Continue}$]/gu, '_')])
      return [...servers].flatMap((left) => [...spelled].map((right) => [`${left}.${right}`, ref] as const))
    }),
  )
  const resolvePair: Catalog['names']['resolvePair'] = (server, tool) =>
    names.resolvePair(server, tool) ?? bySpelling.get(`${server}.${tool}`)
  return Object.freeze({ ...catalog, names: Object.freeze({ ...names, resolvePair }) })
}
