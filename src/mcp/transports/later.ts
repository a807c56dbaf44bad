/** Resolves after a time, or when the signal is aborted, without keeping the process alive for it. */
export function later(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms).unref()
    signal?.addEventListener('abort', end, { once: true })
    if (signal?.aborted === true) end()
  })
}
