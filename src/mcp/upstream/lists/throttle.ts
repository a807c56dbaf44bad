/** Runs a task on demand, but not too often. */
export interface Throttle {
  readonly trigger: () => void
  readonly stop: () => void
}

/**
 * Runs `task` at most once per `intervalMs`, never twice at a time, and always once more after the last
 * trigger: a server that announces a hundred changes a second costs one list a second, and the last
 * change is never missed.
 */
export function createThrottle(task: () => Promise<void>, intervalMs: number): Throttle {
  let timer: NodeJS.Timeout | undefined
  let isRunning = false
  let isWanted = false
  let isStopped = false

  function run(): void {
    isWanted = false
    isRunning = true
    void task().finally(() => {
      isRunning = false
      if (isStopped) return
      timer = setTimeout(() => {
        timer = undefined
        if (isWanted) run()
      }, intervalMs).unref()
    })
  }

  return {
    trigger() {
      if (isStopped) return
      if (isRunning || timer !== undefined) isWanted = true
      else run()
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
