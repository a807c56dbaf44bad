import type { BackendStatus } from '../../core/ports.ts'
import type { ToolSpec } from '../../core/tool.ts'
import type { Listing } from './listing.ts'

/** What others can see of an upstream: how it is and which tools it had when it was last listed. */
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

/** Makes the board of an upstream that is starting. */
export function createBoard(): Board {
  const listeners = new Set<() => void>()
  let status: BackendStatus = { state: 'starting' }
  let listing: Listing = { tools: [], quarantined: [] }
  let byName = new Map<string, ToolSpec>()

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
      if (isSame(listing, next)) return false
      listing = next
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

function isSame(a: Listing, b: Listing): boolean {
  if (a.tools.length !== b.tools.length || a.quarantined.length !== b.quarantined.length) return false
  const text = (listing: Listing): string =>
    JSON.stringify([listing.tools.map((tool) => tool.definition), listing.quarantined])
  return text(a) === text(b)
}
