import { open, type FileHandle } from 'node:fs/promises'

/** Brings what was committed to the disk. */
export interface JournalSync {
  /** Resolves when all that was committed before it was called is on the disk. */
  readonly synced: () => Promise<void>
  readonly close: () => Promise<void>
}

/**
 * Syncs the journal of a database away from the main thread, and all who wait with one sync. With `synchronous = NORMAL` SQLite writes a
 * commit to the journal and leaves it to the system when it reaches the disk; with FULL it would sync the same file, but on the thread
 * that commits, and once for each. The journal holds no locks, so it may be opened beside SQLite.
 * Source: https://sqlite.org/pragma.html#pragma_synchronous, https://sqlite.org/wal.html
 *
 * @param path of the database
 */
export function createJournalSync(path: string): JournalSync {
  let file: Promise<FileHandle> | undefined
  return {
    ...createShared(async () => {
      file ??= open(`${path}-wal`, 'r+')
      try {
        await (await file).datasync()
      } catch (error) {
        file = undefined
        throw error
      }
    }),
    close: async () => {
      const opened = await file?.catch(() => undefined)
      await opened?.close()
    },
  }
}

/** Lets all who come while a sync is under way wait for the next one together. */
export function createShared(sync: () => Promise<void>): Pick<JournalSync, 'synced'> {
  let current: Promise<void> | undefined
  let next: Promise<void> | undefined
  const begin = (): Promise<void> =>
    sync().finally(() => {
      current = next
      next = undefined
    })
  return {
    synced: () => {
      if (current === undefined) return (current = begin())
      next ??= current.catch(() => {}).then(begin)
      return next
    },
  }
}
