/** Between two steps where there is more to do. */
const STEP_PAUSE_MS = 50

/** Runs steps at once and then from time to time, with pauses where one says that there is more to do. Steps never reject. */
export function repeat(step: () => Promise<boolean>, everyMs: number): { readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const run = async (): Promise<void> => {
    const hasMore = await step()
    if (!isStopped) timer = setTimeout(() => void run(), hasMore ? STEP_PAUSE_MS : everyMs).unref()
  }
  void run()
  return {
    stop: () => {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
