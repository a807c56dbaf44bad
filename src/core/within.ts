/** Resolves when the work has ended or the limit has passed, whichever is first. Rejects where the work does before that. */
export async function within(work: Promise<unknown>, limitMs: number): Promise<void> {
  const patience = Promise.withResolvers<void>()
  const timer = setTimeout(patience.resolve, limitMs)
  try {
    await Promise.race([work, patience.promise])
  } finally {
    clearTimeout(timer)
  }
}
