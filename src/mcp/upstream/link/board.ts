import type { BackendStatus } from '../../../core/ports.ts'
import type { ToolSpec } from '../../../core/tool.ts'
import { EMPTY_LISTING } from '../lists/listing.ts'
import type { Listing } from '../lists/listing.ts'

/** What others can see of an upstream: how it is and what it had when it was last listed. */
export interface Board {
  readonly status: () => BackendStatus
  readonly setStatus: (next: BackendStatus) => void
  readonly listing: () => Listing
  readonly tool: (name: string) => ToolSpec | undefined
  /** Takes a list. True where it differs from the one before; nobody is told yet. */
  readonly adopt: (next: Listing) => boolean
  readonly announce: () => void
  readonly onChange: (listener: () => void) => () => void
  /** Nobody is told anything from now on. */
  readonly retire: () => void
}

/**
 * Makes the board of an upstream that is starting.
 *
 * @param known What it had when it was last listed.
 */
export function createBoard(known: Listing = EMPTY_LISTING): Board {
  const listeners = new Set<() => void>()
  let status: BackendStatus = { state: 'starting' }
  let listing = known
  let byName = new Map(known.tools.map((tool) => [tool.ref.name, tool]))

  function announce(): void {
    // A copy: a listener may stop listening, or begin anew.
    for (const listener of Array.from(listeners)) listener()
  }

  return {
    status: () => status,
    setStatus(next) {
      status = next
      announce()
    },
    listing: () => listing,
    tool: (name) => byName.get(name),
    adopt(next) {
      const kept = keepSame(listing, next)
      if (kept === listing) return false
      listing = kept
      byName = new Map(next.tools.map((tool) => [tool.ref.name, tool]))
      return true
    },
    announce,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    retire: () => listeners.clear(),
  }
}

/** The next listing with every list that has not changed as the object that it was, so that others can tell by that. */
function keepSame(before: Listing, next: Listing): Listing {
  const tools = same(before.tools, next.tools, ({ definition }) => definition)
  const quarantined = same(before.quarantined, next.quarantined)
  const offer = {
    ...next.offer,
    prompts: same(before.offer.prompts, next.offer.prompts),
    resources: same(before.offer.resources, next.offer.resources),
    templates: same(before.offer.templates, next.offer.templates),
  }
  const isSame =
    tools === before.tools &&
    quarantined === before.quarantined &&
    JSON.stringify(before.offer) === JSON.stringify(offer)
  return isSame ? before : { tools, quarantined, offer }
}

function same<T>(
  before: readonly T[],
  next: readonly T[],
  textOf: (item: T) => unknown = (item) => item,
): readonly T[] {
  if (before.length !== next.length) return next
  return JSON.stringify(before.map(textOf)) === JSON.stringify(next.map(textOf)) ? before : next
}
