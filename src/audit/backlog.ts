import type { AuditBody } from '../core/audit.ts'

/** How much may wait to be written. */
export interface BacklogBounds {
  /** From here on nothing that has to be recorded may begin. */
  readonly events: number
  readonly characters: number
}

/** An event that waits, and who waits for it. */
export interface Waiting {
  readonly body: AuditBody
  /** Settled once; taken away when nobody waits any longer. */
  waiter: PromiseWithResolvers<void> | undefined
}

/** Events that wait to be written, in their order. What is being written counts until it is. */
export interface Backlog {
  /** Calls that have begun may still note their end when it is full, up to twice the bounds. @returns false where there is no room at all */
  readonly add: (waiting: Waiting) => boolean
  /** The oldest ones, at most so many events and about so many characters, and one in any case. */
  readonly take: (events: number, characters: number) => readonly Waiting[]
  /** They are written, and need no room any more. */
  readonly settle: (written: readonly Waiting[]) => void
  readonly isFull: () => boolean
  readonly length: () => number
  /** Somebody waits for one of them. */
  readonly isAwaited: () => boolean
  /** Nobody waits any longer. @returns those who did */
  readonly release: () => readonly PromiseWithResolvers<void>[]
}

/** What an event costs beside its text. */
const OVERHEAD = 256

/** Makes an empty one. */
export function createBacklog({ events, characters }: BacklogBounds): Backlog {
  let waiting: Waiting[] = []
  let awaited = 0
  let count = 0
  let size = 0
  const sizeOf = ({ body: { body } }: Waiting): number => body.length + OVERHEAD

  return {
    add(one) {
      if (count >= 2 * events || size >= 2 * characters) return false
      waiting.push(one)
      count += 1
      size += sizeOf(one)
      if (one.waiter !== undefined) awaited += 1
      return true
    },
    take(most, mostCharacters) {
      let end = 0
      for (let taken = 0; end < waiting.length && end < most; end++) {
        const one = waiting[end]
        if (one === undefined || (end > 0 && taken + sizeOf(one) > mostCharacters)) break
        taken += sizeOf(one)
        if (one.waiter !== undefined) awaited -= 1
      }
      const taken = end === waiting.length ? waiting : waiting.slice(0, end)
      waiting = end === waiting.length ? [] : waiting.slice(end)
      return taken
    },
    settle(written) {
      count -= written.length
      for (const one of written) size -= sizeOf(one)
    },
    isFull: () => count >= events || size >= characters,
    length: () => waiting.length,
    isAwaited: () => awaited > 0,
    release() {
      const released = waiting.flatMap(({ waiter }) => (waiter === undefined ? [] : [waiter]))
      for (const one of waiting) one.waiter = undefined
      awaited = 0
      return released
    },
  }
}
