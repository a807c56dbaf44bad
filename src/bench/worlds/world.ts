import type { JsonObject } from '../../core/json.ts'
import type { TaskInput } from '../../config/tasks/schema.ts'
import { MockFailure, type MockServer } from '../stage.ts'

/** A few servers with state, of at most ten tools in all, and tasks over them. */
export interface World {
  readonly name: string
  /** Makes the servers anew, in their first state. */
  readonly open: () => readonly MockServer[]
  readonly tasks: readonly TaskInput[]
}

/** One page of a list. */
interface Page<Entry> {
  readonly entries: readonly Entry[]
  /** What to ask for the next page with; null at the end. */
  readonly nextCursor: string | null
  readonly total: number
}

/**
 * Cuts the page out of a list that the arguments `cursor` and `limit` ask for.
 *
 * @throws MockFailure for a cursor that no page gave
 */
export function toPage<Entry>(
  list: readonly Entry[],
  args: JsonObject,
  limit: { readonly usual: number; readonly most: number },
): Page<Entry> {
  const asked = readOptionalText(args, 'cursor')
  const start = asked === undefined ? 0 : fromCursor(asked)
  const size =
    typeof args['limit'] === 'number' ? Math.min(Math.max(1, args['limit']), limit.most) : limit.usual
  const end = start + size
  return {
    entries: list.slice(start, end),
    nextCursor: end < list.length ? toCursor(end) : null,
    total: list.length,
  }
}

/** Opaque, as those of real servers are: nobody counts it up by himself. */
function toCursor(start: number): string {
  return Buffer.from(`at:${start}`).toString('base64url')
}

function fromCursor(cursor: string): number {
  const match = /^at:(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString())
  if (match === null)
    throw new MockFailure('The cursor is not valid. Take it from nextCursor of the page before.')
  return Number(match[1])
}

/** A text among arguments. @throws MockFailure where it is missing, empty or something else */
export function readText(args: JsonObject, name: string): string {
  const value = args[name]
  if (typeof value !== 'string' || value === '')
    throw new MockFailure(`'${name}' must be a text that is not empty.`)
  return value
}

/** A text among arguments that may be left out. @throws MockFailure where it is something else */
export function readOptionalText(args: JsonObject, name: string): string | undefined {
  return args[name] === undefined || args[name] === null ? undefined : readText(args, name)
}
