/** Resolves after a time, without keeping the process alive for it. */
export function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
