import type { JsonObject } from '../../core/json.ts'
import { protocolError } from './protocol-error.ts'

/** Items on one page. A client of today reads them all at once; the bound is for the answer's size. */
const PAGE_ITEMS = 1_000

/**
 * One page of a list. A cursor says where the last item of the page before stood and what it is called, so that it holds when
 * others come and go, and leads on where two have the same name.
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
  const to = from + PAGE_ITEMS
  const page = items.slice(from, to)
  const last = page.at(-1)?.[id]
  const isLast = to >= items.length || typeof last !== 'string'
  return { [member]: page, ...(isLast ? {} : { nextCursor: encode(`${to - 1} ${last}`) }) }
}

function startAfter(items: readonly JsonObject[], id: string, cursor: unknown): number {
  const text = typeof cursor === 'string' ? Buffer.from(cursor, 'base64url').toString('utf8') : ''
  const [, position, name] = /^(\d{1,9}) (.*)$/s.exec(text) ?? []
  const at = Number(position)
  const index = items[at]?.[id] === name ? at : items.findIndex((item) => item[id] === name)
  if (name === undefined || index < 0) {
    throw protocolError(-32602, 'The cursor is not known (any more). Start the list anew.')
  }
  return index + 1
}

function encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url')
}
