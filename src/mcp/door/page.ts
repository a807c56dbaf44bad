import type { JsonObject } from '../../core/json.ts'
import { protocolError } from './protocol-error.ts'

/** Items on one page. A client of today reads them all at once; the bound is for the answer's size. */
const PAGE_ITEMS = 1_000

/**
 * One page of a list. A cursor names the last item of the page before, so that it holds when others come and go.
 *
 * @param id The member that names an item.
 * @throws an error with the JSON-RPC code of invalid parameters where the cursor is none of ours, or its item is gone
 */
export function pageOf(
  items: readonly JsonObject[],
  member: string,
  id: string,
  cursor: unknown,
): JsonObject {
  const from = cursor === undefined ? 0 : startAfter(items, id, cursor)
  const page = items.slice(from, from + PAGE_ITEMS)
  const isLast = from + PAGE_ITEMS >= items.length
  const last = page.at(-1)?.[id]
  return { [member]: page, ...(isLast || typeof last !== 'string' ? {} : { nextCursor: encode(last) }) }
}

function startAfter(items: readonly JsonObject[], id: string, cursor: unknown): number {
  const name = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString('utf8') : undefined
  const index = name === undefined ? -1 : items.findIndex((item) => item[id] === name)
  if (index < 0) throw protocolError(-32602, 'The cursor is not known (any more). Start the list anew.')
  return index + 1
}

function encode(name: string): string {
  return Buffer.from(name, 'utf8').toString('base64url')
}
