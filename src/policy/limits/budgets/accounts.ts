import type { BudgetStore } from '../../../core/budget-store.ts'
import type { Budget } from '../../../core/limits.ts'
import type { Clock } from '../../../core/ports.ts'
import { within } from '../../../core/within.ts'
import { createPurse, type Answer, type Purse } from './purse.ts'
import { calendarWindow, createForwardTime, lengthMsOf } from './windows.ts'

/** Which budget: whose it is and when its windows begin. */
export interface AccountRef {
  /** As in `BudgetKey`. */
  readonly account: string
  readonly per: Budget['per']
  readonly isCalendar: boolean
}

/** The budgets that are used in this gateway. */
export interface Accounts {
  /** Sets an amount aside in the window that is open. Rejects with whatever the store failed with, where it had to be asked. */
  readonly reserve: (ref: AccountRef, amount: number, limit: number) => Answer | Promise<Answer>
  /** The wall clock as windows see it, milliseconds since the epoch. */
  readonly nowMs: () => number
  /** What this gateway has taken of an account and neither spent nor set aside, millionths. */
  readonly inHand: (account: string) => number
  /** Gives back everything, for which a store that does not answer has five seconds. Never rejects. */
  readonly close: () => Promise<void>
}

interface Account {
  purse?: Purse
  opening?: Promise<Purse>
}

const CLOSE_MS = 5_000

/** @param idleMs what is more than a portion and was not used for so long is given back, so that other gateways find it */
export function createAccounts(store: BudgetStore, clock: Clock, idleMs: number): Accounts {
  const accounts = new Map<string, Account>()
  const retiring = new Set<Promise<void>>()
  const nowMs = createForwardTime(clock)
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  const retire = (purse: Purse): void => {
    const done = purse.retire().finally(() => retiring.delete(done))
    retiring.add(done)
  }

  const replace = (account: Account, ref: AccountRef, startMs: number, endsAtMs: number): Purse => {
    const purse = createPurse(
      store,
      { account: ref.account, windowStartMs: startMs },
      endsAtMs,
      clock.monotonicMs,
    )
    if (account.purse !== undefined) retire(account.purse)
    if (isClosed) retire(purse)
    account.purse = purse
    return purse
  }

  const open = (account: Account, ref: AccountRef, atMs: number): Purse | Promise<Purse> => {
    if (ref.isCalendar || ref.per === 'total') {
      const { startMs, endsAtMs } = calendarWindow(ref.per, atMs)
      return replace(account, ref, startMs, endsAtMs)
    }
    const lengthMs = lengthMsOf(ref.per)
    account.opening ??= Promise.try(store.openWindow, ref.account, Math.floor(atMs), lengthMs)
      .then((startMs) => replace(account, ref, startMs, startMs + lengthMs))
      .finally(() => {
        delete account.opening
      })
    return account.opening
  }

  const tidy = (): void => {
    for (const [name, { purse, opening }] of accounts)
      if (opening === undefined && purse?.rest() !== false) accounts.delete(name)
    timer = accounts.size === 0 || isClosed ? undefined : setTimeout(tidy, idleMs).unref()
  }

  return {
    nowMs,
    reserve(ref, amount, limit) {
      let account = accounts.get(ref.account)
      if (account === undefined) accounts.set(ref.account, (account = {}))
      if (!isClosed) timer ??= setTimeout(tidy, idleMs).unref()
      const atMs = nowMs()
      const { purse } = account
      if (purse !== undefined && atMs < purse.endsAtMs) return purse.reserve(amount, limit)
      const opened = open(account, ref, atMs)
      if (!(opened instanceof Promise)) return opened.reserve(amount, limit)
      return opened.then((next) => next.reserve(amount, limit))
    },
    inHand: (account) => accounts.get(account)?.purse?.inHand() ?? 0,
    async close() {
      isClosed = true
      clearTimeout(timer)
      for (const { purse } of accounts.values()) if (purse !== undefined) retire(purse)
      await within(Promise.all(retiring), CLOSE_MS)
    },
  }
}
