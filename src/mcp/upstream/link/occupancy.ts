/** Knows whether somebody uses a connection. */
export interface Occupancy {
  /** Begins a use. Returns the way to end it, which does so once. */
  readonly hold: () => () => void
  readonly isHeld: () => boolean
  /** Begins the wait anew, where nobody uses the connection. */
  readonly touch: () => void
  readonly stop: () => void
}

/**
 * Counts uses and tells when there has been none for a time.
 *
 * @param idleMs How long nobody must have used it. Undefined: it is never told.
 */
export function createOccupancy(idleMs: number | undefined, onIdle: () => void): Occupancy {
  let uses = 0
  let timer: NodeJS.Timeout | undefined

  function touch(): void {
    clearTimeout(timer)
    if (uses === 0 && idleMs !== undefined) timer = setTimeout(onIdle, idleMs).unref()
  }

  return {
    hold() {
      uses += 1
      clearTimeout(timer)
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        uses -= 1
        touch()
      }
    },
    isHeld: () => uses > 0,
    touch,
    stop: () => clearTimeout(timer),
  }
}
