/** Counts calls in flight, by key. */
export interface InFlight {
  readonly count: (key: string) => number
  readonly enter: (key: string) => void
  readonly leave: (key: string) => void
}

/** Keys without calls in flight take no memory. */
export function createInFlight(): InFlight {
  const counts = new Map<string, number>()
  const count = (key: string): number => counts.get(key) ?? 0
  return {
    count,
    enter: (key) => void counts.set(key, count(key) + 1),
    leave(key) {
      const left = count(key) - 1
      if (left > 0) counts.set(key, left)
      else counts.delete(key)
    },
  }
}
