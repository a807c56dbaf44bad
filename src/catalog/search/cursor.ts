import { GatewayError } from '../../core/errors.ts'

/**
 * A cursor is the place where the next page begins, and a mark of the query that it belongs to. It guards against mistakes, not against
 * intent: whoever makes one up sees what another offset shows, and no more.
 */
export function printCursor(offset: number, query: string): string {
  return `${offset}.${markOf(query)}`
}

/**
 * The offset of a cursor; 0 where there is none.
 *
 * @throws GatewayError `invalid_arguments` where it is broken or belongs to another query
 */
export function parseCursor(cursor: string | undefined, query: string): number {
  if (cursor === undefined || cursor === '') return 0
  const match = /^(\d{1,7})\.([0-9a-z]{1,4})$/.exec(cursor)
  if (match === null)
    throw new GatewayError(
      'invalid_arguments',
      '`cursor` is none that a search gave: leave it out for the first page.',
    )
  if (match[2] !== markOf(query))
    throw new GatewayError(
      'invalid_arguments',
      '`cursor` belongs to another search: repeat its query and server, or leave the cursor out.',
    )
  return Number(match[1])
}

/** FNV-1a, cut to 20 bits: four characters tell queries apart well enough. Source: draft-eastlake-fnv. */
function markOf(query: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < query.length; at++) hash = Math.imul(hash ^ query.charCodeAt(at), 0x01000193)
  return ((hash >>> 12) & 0xfffff).toString(36)
}
