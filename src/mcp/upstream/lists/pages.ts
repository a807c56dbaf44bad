import type { JsonObject } from '../../../core/json.ts'
import { TransportFault } from '../../transports/port.ts'
import type { Exchange } from '../wire/exchange.ts'

const MAX_PAGES = 64
const MAX_ITEMS = 10_000
const METHOD_NOT_FOUND = -32601

/** All pages of one list. */
export interface Pages {
  readonly items: readonly unknown[]
  /** Why the list was cut, where it was. */
  readonly cut?: string
}

/**
 * Asks for a list, all of its pages. One that never ends is cut at 64 pages or 10,000 items. Empty where the server does
 * not know the method.
 *
 * Rejects with a TransportFault where the upstream does not list.
 *
 * @param member The member of a page that holds its items.
 * @param timeoutMs For all pages together.
 */
export async function readPages(
  exchange: Exchange,
  method: string,
  member: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Pages> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const either = AbortSignal.any([timeout, signal])
  const items: unknown[] = []
  const cursors = new Set<string>()
  for (let cursor: string | undefined, page = 1; ; page++) {
    const answer = await requestPage(exchange, method, cursor, either).catch((error: unknown) => {
      if (timeout.aborted)
        throw new TransportFault('timeout', `no answer to ${method} within ${timeoutMs} ms`)
      throw error
    })
    if (answer === undefined) return { items }
    const { [member]: listed, nextCursor } = answer
    if (!Array.isArray(listed)) {
      throw new TransportFault('invalid', `the answer to ${method} has no list of ${member}`)
    }
    items.push(...listed.slice(0, MAX_ITEMS - items.length))
    if (typeof nextCursor !== 'string' || nextCursor === '') return { items }
    if (cursors.has(nextCursor) || page >= MAX_PAGES || items.length >= MAX_ITEMS) {
      return { items, cut: `The list does not end: cut after ${page} pages and ${items.length} ${member}.` }
    }
    cursors.add(nextCursor)
    cursor = nextCursor
  }
}

/** Undefined where the server has no such list at all. */
async function requestPage(
  exchange: Exchange,
  method: string,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<JsonObject | undefined> {
  try {
    return await exchange.request(method, cursor === undefined ? {} : { cursor }, { signal })
  } catch (error) {
    if (error instanceof TransportFault && error.rpc?.code === METHOD_NOT_FOUND) return undefined
    throw error
  }
}
