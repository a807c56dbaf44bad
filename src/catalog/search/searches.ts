import type { Catalog } from '../catalog.ts'
import { createSearch, type Search, type SearchOptions } from './search.ts'
import type { SearchBase } from './terms/base.ts'

/** Makes the search of a catalog. */
export type CreateSearch = (catalog: Catalog) => Search

/**
 * Makes the searches of one catalog after the other: each takes over the servers that have not changed since the last one that was
 * made. Only that one's analysis is kept, however many revisions there have been.
 */
export function createSearches(options: Omit<SearchOptions, 'previous'> = {}): CreateSearch {
  let previous: SearchBase | undefined
  return (catalog) => {
    const search = createSearch(catalog, { ...options, previous })
    previous = search.base
    return search
  }
}
