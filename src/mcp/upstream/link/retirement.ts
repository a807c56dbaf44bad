import type { Connection } from '../wire/connection.ts'

/** Connections that are being closed. */
export interface Retirement {
  /** Closes a connection. Resolves when that is done; never rejects. */
  readonly begin: (connection: Connection) => Promise<void>
  /** Resolves when all are closed: until then a process may be left. */
  readonly done: () => Promise<void>
}

export function createRetirement(): Retirement {
  const closing = new Set<Promise<void>>()
  return {
    begin(connection) {
      const closed = connection.close().catch(() => {})
      closing.add(closed)
      void closed.then(() => closing.delete(closed))
      return closed
    },
    async done() {
      await Promise.all(closing)
    },
  }
}
