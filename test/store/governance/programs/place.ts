import type { StorePlace } from '../../../../src/store/store.ts'

/** A store as it is named to a program: an address of PostgreSQL, or a file. */
export function toPlace(name: string): StorePlace {
  return name.startsWith('postgresql:') ? { url: name } : { path: name }
}
