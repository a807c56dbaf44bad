import { createCatalog, type Catalog } from '../catalog/catalog.ts'
import { createIndex, type LearnedTypes, type ToolIndex } from '../catalog/index.ts'
import { createOffers, type Offers } from '../catalog/offers.ts'
import type { Search } from '../catalog/search/search.ts'
import type { CreateSearch } from '../catalog/search/searches.ts'
import type { Backend } from '../core/ports.ts'

/** One revision of what the gateway knows. Immutable; the search and the index are made when they are first asked for. */
export interface Snapshot {
  readonly revision: number
  readonly catalog: Catalog
  readonly search: () => Search
  readonly index: () => ToolIndex
  /** Prompts and resources. */
  readonly offers: () => Offers
}

/** Takes a snapshot of the tools that the backends have now. */
export function takeSnapshot(
  revision: number,
  backends: Iterable<Backend>,
  createSearch: CreateSearch,
  learned?: LearnedTypes,
): Snapshot {
  const all = [...backends]
  const catalog = createCatalog({
    revision,
    specs: all.flatMap((backend) => backend.tools()),
    quarantined: all.flatMap((backend) => backend.quarantined()),
  })
  let search: Search | undefined
  let index: ToolIndex | undefined
  // Taken now: a snapshot does not change.
  const offered = all.flatMap((backend) => {
    const offer = backend.offer?.()
    return offer === undefined ? [] : [[backend.server, offer] as const]
  })
  let offers: Offers | undefined
  return Object.freeze({
    revision,
    catalog,
    search: () => (search ??= createSearch(catalog)),
    index: () => (index ??= createIndex(catalog, learned)),
    offers: () => (offers ??= createOffers(offered)),
  })
}
