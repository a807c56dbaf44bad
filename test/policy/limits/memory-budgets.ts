import { setImmediate as nextTurn } from 'node:timers/promises'

import type { BudgetKey, BudgetStore } from '../../../src/core/budget-store.ts'

/** What happened to one window of one account. */
export interface Row {
  readonly account: string
  readonly windowStartMs: number
  spent: number
  limit: number
  endsAtMs: number
  /** The most that was ever taken of it. */
  most: number
}

/** Budgets in memory, as several gateways may share them. */
export interface MemoryBudgets extends BudgetStore {
  readonly rows: () => readonly Row[]
  readonly takes: () => number
  readonly returns: () => number
  /** The most questions for one account at the same time. */
  readonly mostAtOnce: () => number
  /** Every question fails with it until it is undefined; `after`: what was asked is done all the same. */
  readonly failWith: (error: Error | undefined, after?: 'after') => void
}

/** @param turns how many turns of the event loop a question takes */
export function createMemoryBudgets(turns: () => number = () => 1): MemoryBudgets {
  const rows = new Map<string, Row>()
  const windows = new Map<string, { startMs: number; lengthMs: number }>()
  const asking = new Map<string, number>()
  let [takes, returns, mostAtOnce] = [0, 0, 0]
  let failure: Error | undefined
  let isAfter = false

  async function ask<Value>(account: string, answer: () => Value): Promise<Value> {
    const atOnce = (asking.get(account) ?? 0) + 1
    mostAtOnce = Math.max(mostAtOnce, atOnce)
    asking.set(account, atOnce)
    try {
      for (let left = turns(); left > 0; left--) await nextTurn()
      if (failure !== undefined && !isAfter) throw failure
      const given = answer()
      if (failure !== undefined) throw failure
      return given
    } finally {
      asking.set(account, (asking.get(account) ?? 0) - 1)
    }
  }

  const rowOf = ({ account, windowStartMs }: BudgetKey): Row => {
    const name = `${account}@${windowStartMs}`
    const row = rows.get(name) ?? { account, windowStartMs, spent: 0, limit: 0, endsAtMs: 0, most: 0 }
    rows.set(name, row)
    return row
  }

  return {
    take: (key, { wanted, least, limit, endsAtMs }) =>
      ask(key.account, () => {
        takes += 1
        for (const amount of [wanted, least, limit, endsAtMs])
          if (!Number.isSafeInteger(amount) || amount < 0) throw new Error(`asked for ${amount}`)
        const row = rowOf(key)
        const left = limit - row.spent
        const taken = left < least ? 0 : Math.min(wanted, left)
        if (!Number.isSafeInteger(taken) || taken < 0) throw new Error(`taken ${taken}`)
        row.spent += taken
        row.limit = limit
        row.endsAtMs = endsAtMs
        row.most = Math.max(row.most, row.spent)
        return { taken, spent: row.spent }
      }),
    giveBack: (key, amount) =>
      ask(key.account, () => {
        returns += 1
        if (!Number.isSafeInteger(amount)) throw new Error(`gave back ${amount}`)
        rowOf(key).spent -= amount
      }),
    openWindow: (account, nowMs, lengthMs) =>
      ask(account, () => {
        const open = windows.get(account)
        if (open !== undefined && nowMs < open.startMs + open.lengthMs) return open.startMs
        windows.set(account, { startMs: nowMs, lengthMs })
        return nowMs
      }),
    list: () => Promise.resolve([...rows.values()]),
    rows: () => [...rows.values()],
    takes: () => takes,
    returns: () => returns,
    mostAtOnce: () => mostAtOnce,
    failWith(error, after) {
      failure = error
      isAfter = after !== undefined
    },
  }
}
