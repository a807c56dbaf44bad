/** Counts what is in flight, and tells when nothing is. */
export interface Flights {
  readonly enter: () => void
  readonly leave: () => void
  readonly count: () => number
  /** Resolves when nothing is in flight, or after the limit; true where nothing was left. */
  readonly idle: (limitMs: number) => Promise<boolean>
}

/** Begins with nothing in flight. */
export function createFlights(): Flights {
  let inFlight = 0
  const waiting = new Set<() => void>()
  return {
    enter: () => void (inFlight += 1),
    leave() {
      inFlight -= 1
      if (inFlight === 0) for (const tell of waiting) tell()
    },
    count: () => inFlight,
    idle: (limitMs) =>
      new Promise((resolve) => {
        if (inFlight === 0) return resolve(true)
        const end = (): void => {
          clearTimeout(timer)
          waiting.delete(end)
          resolve(inFlight === 0)
        }
        // What only waits for others must not keep the process.
        const timer = setTimeout(end, limitMs).unref()
        waiting.add(end)
      }),
  }
}
