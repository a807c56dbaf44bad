/** One timer for many streams that have to show now and then that they are alive. */
export interface Pulse {
  /** Calls the listener at each beat. Returns the way to stop. */
  readonly add: (beat: () => void) => () => void
}

/** Beats as long as somebody listens. */
export function createPulse(everyMs: number): Pulse {
  const beats = new Set<() => void>()
  let timer: NodeJS.Timeout | undefined
  return {
    add(beat) {
      beats.add(beat)
      timer ??= setInterval(() => {
        for (const each of beats) each()
      }, everyMs).unref()
      return () => {
        beats.delete(beat)
        if (beats.size > 0) return
        clearInterval(timer)
        timer = undefined
      }
    },
  }
}
