/** One after the other, by key. */
export interface Turns {
  /** Runs the work when all that came before it under the same key has ended. */
  readonly take: <Value>(key: string, work: () => Promise<Value>) => Promise<Value>
}

/** Begins with nobody waiting. A person is asked one thing at a time: an answer may make the next question needless. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    async take(key, work) {
      const before = last.get(key)
      const own = before === undefined ? work() : before.then(work, work)
      last.set(key, own)
      try {
        return await own
      } finally {
        if (last.get(key) === own) last.delete(key)
      }
    },
  }
}
