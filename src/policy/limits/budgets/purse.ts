import type { BudgetKey, BudgetStore } from '../../../core/budget-store.ts'

/** What was set aside for a call. */
export interface Reservation {
  /** Called once, with what the call came to: the rest goes back, what is beyond is charged too. */
  readonly settle: (spent: number) => void
}

/** There is not as much left in the window. */
export interface Exhaustion {
  readonly endsAtMs: number
}

export type Answer = Reservation | Exhaustion

/**
 * What this gateway has taken of one window of one budget, and not spent. Amounts are whole numbers of millionths. What it has is
 * spent in memory; it asks the store for more when that is not enough, one question at a time, whoever waits for it.
 */
export interface Purse {
  readonly endsAtMs: number
  /** @throws (rejects with) whatever the store failed with, where it had to be asked */
  readonly reserve: (amount: number, limit: number) => Answer | Promise<Answer>
  /** What is neither spent, nor set aside, nor given back. */
  readonly inHand: () => number
  /**
   * Called from time to time. What was not used since the last time and is more than a portion goes back; a portion is kept for much longer, because
   * to give back and take again costs more than what it is good for. @returns true where it can be forgotten
   */
  readonly rest: () => boolean
  /** Gives back everything, also what calls in flight will not need. Resolves when that is done; never rejects. */
  readonly retire: () => Promise<void>
}

interface Want {
  readonly amount: number
  readonly answer: (answer: Answer) => void
  readonly fail: (error: unknown) => void
}

/** A portion is this part of the limit: as much is lost at most when the process is killed. */
const PORTIONS = 100
/** So often a portion is looked at and not used before it goes back. */
const LOOKS = 60
/** For so long a budget that was found used up is not asked for again, so that a caller who insists costs the store nothing. */
const EXHAUSTED_MS = 250

/** @param endsAtMs when the window ends, milliseconds since the epoch */
export function createPurse(
  store: Pick<BudgetStore, 'take' | 'giveBack'>,
  key: BudgetKey,
  endsAtMs: number,
  monotonicMs: () => number,
): Purse {
  const waiting: Want[] = []
  /** Negative: calls came to more than was set aside, and the store does not know yet. */
  let inHand = 0
  let reserved = 0
  let limit = 0
  let left: { readonly amount: number; readonly untilMs: number } | undefined
  /** How often it was looked at since somebody used it. */
  let looks = 0
  let mustReturn = false
  let isRetired = false
  let working: Promise<void> | undefined

  const setAside = (amount: number): Reservation => {
    inHand -= amount
    reserved += amount
    looks = 0
    return {
      settle(spent) {
        inHand += amount - spent
        reserved -= amount
        looks = 0
        if (inHand < 0 || isRetired) void work()
      },
    }
  }

  const serve = (): void => {
    for (let next = waiting[0]; next !== undefined && next.amount <= inHand; next = waiting[0]) {
      waiting.shift()
      next.answer(setAside(next.amount))
    }
  }

  /** Of two questions to the store the second waits for the first: what is being given back must not be missed. */
  const work = (): Promise<void> => {
    working ??= balance()
      .catch((error: unknown) => {
        for (const want of waiting.splice(0)) want.fail(error)
      })
      .then(() => {
        working = undefined
        // Somebody may have come between the last look and the end.
        return waiting.length > 0 || (isRetired && inHand > 0) ? work() : undefined
      })
    return working
  }

  async function balance(): Promise<void> {
    for (;;) {
      if (mustReturn && inHand > 0) await giveBack()
      mustReturn = false
      serve()
      const [first] = waiting
      if (first !== undefined) await takeFor(first)
      else if (inHand < 0) await giveBack()
      else break
    }
    if (isRetired && inHand > 0) await giveBack()
  }

  async function takeFor(first: Want): Promise<void> {
    const all = waiting.reduce((sum, { amount }) => sum + amount, 0)
    const least = first.amount - inHand
    const wanted = Math.max(least, Math.min(limit, all - inHand), Math.floor(limit / PORTIONS))
    const { taken, spent } = await store.take(key, { wanted, least, limit, endsAtMs })
    inHand += taken
    if (taken > 0) return
    // Whatever the sum says: so much was not to be had.
    const amount = Math.max(0, Math.min(limit - spent, least - 1))
    left = { amount, untilMs: monotonicMs() + EXHAUSTED_MS }
    const others = waiting.splice(0).filter((want) => {
      const mayFit = want.amount <= inHand + amount
      if (!mayFit) want.answer({ endsAtMs })
      return mayFit
    })
    waiting.push(...others)
  }

  async function giveBack(): Promise<void> {
    const amount = inHand
    inHand = 0
    left = undefined
    try {
      await store.giveBack(key, amount)
    } catch (error) {
      // It may have been written all the same. So a debt is kept, and what was to be given back is lost: never the other way round.
      if (amount > 0) return
      inHand += amount
      throw error
    }
  }

  const isUsedUp = (amount: number): boolean =>
    left !== undefined && amount > inHand + left.amount && monotonicMs() < left.untilMs

  return {
    endsAtMs,
    reserve(amount, newLimit) {
      if (newLimit !== limit) {
        // What was taken under a higher limit may be beyond the new one: the store has to say.
        mustReturn ||= newLimit < limit
        limit = newLimit
        left = undefined
      }
      if (working === undefined && amount <= inHand && !mustReturn) return setAside(amount)
      if (waiting.length === 0 && isUsedUp(amount)) return { endsAtMs }
      return new Promise((answer, fail) => {
        waiting.push({ amount, answer, fail })
        void work()
      })
    },
    inHand: () => inHand,
    rest() {
      looks += 1
      const isSurplus = looks > 1 && inHand > Math.floor(limit / PORTIONS)
      if (inHand < 0 || isSurplus || (looks > LOOKS && inHand > 0)) {
        mustReturn = true
        void work()
      }
      return looks > LOOKS && inHand === 0 && reserved === 0 && working === undefined
    },
    retire() {
      isRetired = true
      return inHand === 0 && working === undefined ? Promise.resolve() : work()
    },
  }
}
