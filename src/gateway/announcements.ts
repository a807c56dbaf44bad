import type { CatalogChange } from '../core/listing.ts'

type Listener = (change: CatalogChange) => void
type Listen = (listener: Listener) => () => void

/**
 * Tells of changes at most once in a time, whatever the servers do: each client that hears of one asks for lists. The first
 * is told at once; what comes within the time after it is told together at its end.
 */
export function createAnnouncements(listen: Listen, everyMs: number): Listen {
  const listeners = new Set<Listener>()
  let due: CatalogChange | undefined
  let timer: NodeJS.Timeout | undefined

  function tell(change: CatalogChange): void {
    timer = setTimeout(() => {
      const next = due
      timer = undefined
      due = undefined
      if (next !== undefined) tell(next)
    }, everyMs).unref()
    for (const listener of listeners) listener(change)
  }

  listen((change) => {
    if (timer === undefined) tell(change)
    else due = due === undefined ? change : both(due, change)
  })
  return (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
}

function both(a: CatalogChange, b: CatalogChange): CatalogChange {
  return {
    tools: a.tools || b.tools,
    prompts: a.prompts || b.prompts,
    resources: a.resources || b.resources,
    servers: [...new Set([...a.servers, ...b.servers])],
  }
}
