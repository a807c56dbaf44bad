/** The outcome of some work. @throws the reason of the interruption where that comes first */
export function orInterrupted<T>(work: Promise<T>, interrupted: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const give = (): void => reject(interrupted.reason as Error)
    if (interrupted.aborted) give()
    interrupted.addEventListener('abort', give, { once: true })
    void work.then(resolve, reject).finally(() => interrupted.removeEventListener('abort', give))
  })
}

/** Resolves when the program is asked to end. */
export function whenInterrupted(interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (interrupted.aborted) resolve()
    interrupted.addEventListener('abort', () => resolve(), { once: true })
  })
}
