import type { IdentityRecords, IdentityStore } from '../core/identity.ts'
import type { Clock } from '../core/ports.ts'

export interface FollowerParts {
  readonly store: Pick<IdentityStore, 'version' | 'load'>
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** The pause between two looks, milliseconds. */
  readonly pollMs: number
  /** How long what was read holds while the store does not answer, milliseconds. */
  readonly staleMs: number
  readonly onRecords: (records: IdentityRecords) => void
  readonly onFault: (error: unknown) => void
}

/** Follows what other processes, and this one, write into the store. */
export interface Follower {
  /** Resolves when all that was written before it was called has been read. Rejects where the store fails. */
  readonly refresh: () => Promise<void>
  /** False where the store has not answered for too long, so that a key may have been revoked without anybody knowing. */
  readonly isFresh: () => boolean
  readonly close: () => void
}

/** Begins to follow the store, at once. One question at a time; the timer does not hold the process. */
export function followIdentities(parts: FollowerParts): Follower {
  const { store, clock, pollMs, staleMs, onRecords, onFault } = parts
  let version: number | undefined
  /** When a question was put that was answered: all that is older than this is known. */
  let heardMs: number | undefined
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  const look = async (): Promise<void> => {
    const askedMs = clock.monotonicMs()
    // Not "greater": a store that was restored from a backup begins at an older one.
    if ((await store.version()) !== version) {
      const records = await store.load()
      if (isClosed) return
      version = records.version
      onRecords(records)
    }
    heardMs = askedMs
  }

  const begin = (): Promise<void> => {
    const mine = look().finally(() => {
      if (running === mine) running = undefined
    })
    return (running = mine)
  }

  // What is under way may have read before the change: whoever asks now waits for a look that begins after it.
  const refresh = (): Promise<void> => {
    if (running === undefined) return begin()
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined
        return begin()
      })
    return next
  }

  const poll = (): void => {
    timer = setTimeout(() => {
      void (running ?? begin()).catch(onFault).finally(() => {
        if (!isClosed) poll()
      })
    }, pollMs).unref()
  }
  void begin().catch(onFault)
  poll()

  return {
    refresh,
    isFresh: () => heardMs !== undefined && clock.monotonicMs() - heardMs <= staleMs,
    close: () => {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
