/** The wall clock of one run, which stands still while a person is asked. */
export interface RunClock {
  /** Milliseconds since the start, without those in which it stood. */
  readonly elapsedMs: () => number
  /** Stops it until the returned function is called. While several have stopped it, it stands. */
  readonly pause: () => () => void
}

/**
 * Starts a clock.
 *
 * @param onChange called when it stops and when it goes on
 */
export function createRunClock(monotonicMs: () => number, onChange: (isPaused: boolean) => void): RunClock {
  const startedMs = monotonicMs()
  let pauses = 0
  let pausedSinceMs = 0
  let pausedMs = 0
  return {
    elapsedMs: () => (pauses > 0 ? pausedSinceMs : monotonicMs()) - startedMs - pausedMs,
    pause() {
      if (pauses === 0) {
        pausedSinceMs = monotonicMs()
        onChange(true)
      }
      pauses += 1
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        pauses -= 1
        if (pauses > 0) return
        pausedMs += monotonicMs() - pausedSinceMs
        onChange(false)
      }
    },
  }
}
