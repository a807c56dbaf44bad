import { createInFlight } from './in-flight.ts'
import type { ConcurrencyTerm } from './terms.ts'

/** The places of calls in flight: each call holds one of every limit that counts it. */
export interface Places {
  readonly count: (key: string) => number
  /** The first of the limits that has no place left. */
  readonly full: (terms: readonly ConcurrencyTerm[]) => ConcurrencyTerm | undefined
  /** Takes one of each. Whether there is one is looked at before. */
  readonly take: (terms: readonly ConcurrencyTerm[]) => Place
}

/** What one call holds. */
export interface Place {
  /**
   * Gives it back for as long as the call only waits for a person. The returned function waits until it is there again: whoever has an answer
   * is let in before newcomers, in order. Of several that overlap the last one waits.
   *
   * The returned function rejects with the reason of the signal.
   */
  readonly giveWay: () => (signal: AbortSignal) => Promise<void>
  /** Called once, when the call has ended. */
  readonly leave: () => void
}

export function createPlaces(): Places {
  const inFlight = createInFlight()
  /** Calls that want their place again. Each says whether it need not wait any longer. */
  const waiting = new Set<() => boolean>()

  const full: Places['full'] = (terms) => terms.find(({ key, limit }) => inFlight.count(key) >= limit)
  const enter = (terms: readonly ConcurrencyTerm[]): void => {
    for (const { key } of terms) inFlight.enter(key)
  }
  const leave = (terms: readonly ConcurrencyTerm[]): void => {
    for (const { key } of terms) inFlight.leave(key)
    for (const isServed of waiting) if (isServed()) waiting.delete(isServed)
  }

  return {
    count: inFlight.count,
    full,
    take(terms) {
      let isHeld = true
      let isOver = false
      /** Questions that are not answered yet. */
      let open = 0
      enter(terms)

      const giveBack = (): void => {
        if (!isHeld) return
        isHeld = false
        leave(terms)
      }
      const takeAgain = (): boolean => {
        if (isHeld || isOver || open > 0) return true
        if (full(terms) !== undefined) return false
        enter(terms)
        isHeld = true
        return true
      }
      const wait = (signal: AbortSignal): Promise<void> =>
        new Promise((resolve, reject) => {
          const isServed = (): boolean => {
            if (!takeAgain()) return false
            signal.removeEventListener('abort', giveUp)
            resolve()
            return true
          }
          const giveUp = (): void => {
            waiting.delete(isServed)
            reject(signal.reason)
          }
          waiting.add(isServed)
          signal.addEventListener('abort', giveUp, { once: true })
        })

      return {
        giveWay() {
          open += 1
          giveBack()
          return async (signal) => {
            open -= 1
            signal.throwIfAborted()
            if (!takeAgain()) await wait(signal)
          }
        },
        leave() {
          isOver = true
          giveBack()
        },
      }
    },
  }
}
