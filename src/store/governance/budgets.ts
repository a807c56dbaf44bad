import { sql as raw } from 'kysely'

import type { BudgetKey, BudgetStore } from '../../core/budget-store.ts'
import { GatewayError } from '../../core/errors.ts'
import { isKey } from '../keys.ts'
import type { PartPorts } from '../ports.ts'

/** A window that has ended is kept for so long: what is in flight at its end may still give something back. */
const GRACE_MS = 3_600_000
const LIST_ROWS = 10_000

interface Taking {
  readonly wanted: number
  readonly least: number
  readonly limit: number
  readonly endsAtMs: number
}

/**
 * Budgets, in millionths. What is taken is taken by one statement that compares and adds, so that all who share the store never take more
 * than the limit together.
 */
export function createBudgets({ sql, looseSql, limits, attempt }: PartPorts): BudgetStore {
  const rowOf = ({ account, windowStartMs }: BudgetKey) => ({ account, windowStartMs })

  /** Takes from a window that is there. @returns nothing where it is not, or has too little left */
  async function takeFrom(key: BudgetKey, { wanted, least, limit, endsAtMs }: Taking) {
    const left = raw<number>`(${whole(limit)} - "spent")`
    const portion = raw<number>`CASE WHEN ${left} < ${whole(wanted)} THEN ${left} ELSE ${whole(wanted)} END`
    return sql
      .updateTable('budget')
      .set({ taken: portion, spent: raw`"spent" + ${portion}`, amount: limit, endsAtMs })
      .where((budget) => budget.and(rowOf(key)))
      .where(left, '>=', least)
      .returning(['taken', 'spent'])
      .executeTakeFirst()
  }

  /** Opens a window by what is taken first. @returns nothing where it is there, or a newer one of the account is */
  async function takeFirst({ account, windowStartMs }: BudgetKey, { wanted, limit, endsAtMs }: Taking) {
    const taken = Math.min(wanted, limit)
    const values = sql
      .selectNoFrom([
        raw<string>`CAST(${account} AS TEXT)`.as('account'),
        whole(windowStartMs).as('windowStartMs'),
        whole(endsAtMs).as('endsAtMs'),
        whole(limit).as('amount'),
        whole(taken).as('spent'),
        whole(taken).as('taken'),
      ])
      // A clock that was set back does not open a budget that was spent: the account is in a newer window already.
      .where((query) =>
        query.not(
          query.exists(
            query
              .selectFrom('budget')
              .select('account')
              .where('account', '=', account)
              .where('windowStartMs', '>', windowStartMs),
          ),
        ),
      )
    return sql
      .insertInto('budget')
      .columns(['account', 'windowStartMs', 'endsAtMs', 'amount', 'spent', 'taken'])
      .expression(values)
      .onConflict((conflict) => conflict.doNothing())
      .returning(['taken', 'spent'])
      .executeTakeFirst()
  }

  async function take(key: BudgetKey, request: Taking) {
    const found = await takeFrom(key, request)
    if (found !== undefined) return found
    const opened = request.limit < request.least ? undefined : await takeFirst(key, request)
    if (opened !== undefined) {
      // One window was opened, so those before it are not needed any more.
      await sql
        .deleteFrom('budget')
        .where('account', '=', key.account)
        .where('endsAtMs', '<', key.windowStartMs - GRACE_MS)
        .execute()
      return opened
    }
    // Somebody else may have opened it in between.
    const retaken = await takeFrom(key, request)
    if (retaken !== undefined) return retaken
    const row = await sql
      .selectFrom('budget')
      .select('spent')
      .where((budget) => budget.and(rowOf(key)))
      .executeTakeFirst()
    return { taken: 0, spent: row?.spent ?? 0 }
  }

  return {
    take: (key, request) =>
      attempt(async () => {
        const { wanted, least, limit } = request
        requireKey(key)
        for (const amount of [wanted, least, limit]) requireAmount(amount, 0)
        return take(key, {
          wanted: Math.max(wanted, least),
          least,
          limit,
          endsAtMs: Math.min(Math.floor(request.endsAtMs), Number.MAX_SAFE_INTEGER),
        })
      }),
    giveBack: (key, amount) =>
      attempt(async () => {
        requireAmount(amount, -Number.MAX_SAFE_INTEGER)
        const rest = raw<number>`"spent" - ${whole(amount)}`
        // What a power cut takes away of it is not spent, but not lost to the limit either.
        await (amount < 0 ? sql : looseSql)
          .updateTable('budget')
          .set({ spent: raw`CASE WHEN ${rest} < 0 THEN 0 ELSE ${rest} END` })
          .where((budget) => budget.and(rowOf(key)))
          .execute()
      }),
    openWindow: (account, nowMs, lengthMs) =>
      attempt(async () => {
        const windowStartMs = Math.floor(nowMs)
        requireKey({ account, windowStartMs })
        // One statement: of two that find the window ended, one opens the next. A clock that was set back opens none.
        const opened = await sql
          .insertInto('budgetWindow')
          .values({ account, windowStartMs })
          .onConflict((conflict) =>
            conflict
              .column('account')
              .doUpdateSet({ windowStartMs })
              .where('budgetWindow.windowStartMs', '<=', windowStartMs - Math.ceil(lengthMs)),
          )
          .returning('windowStartMs')
          .executeTakeFirst()
        if (opened !== undefined) return opened.windowStartMs
        const open = await sql
          .selectFrom('budgetWindow')
          .select('windowStartMs')
          .where('account', '=', account)
          .executeTakeFirstOrThrow()
        return open.windowStartMs
      }),
    list: () =>
      attempt(async () => {
        const rows = await sql
          .selectFrom('budget')
          .select(['account', 'windowStartMs', 'spent', 'amount', 'endsAtMs'])
          .orderBy('account')
          .orderBy('windowStartMs')
          .limit(LIST_ROWS)
          .execute()
        return rows.map(({ amount, ...row }) => ({ ...row, limit: amount }))
      }),
  }

  function requireKey({ account, windowStartMs }: BudgetKey): void {
    if (!isKey(account, limits) || !Number.isSafeInteger(windowStartMs))
      throw new GatewayError('internal', 'The key of a budget is none.')
  }
}

/** A whole number, where a database could not tell from the statement that it is one. */
function whole(value: number) {
  return raw<number>`CAST(${value} AS BIGINT)`
}

function requireAmount(amount: number, least: number): void {
  if (!Number.isSafeInteger(amount) || amount < least)
    throw new GatewayError('internal', 'An amount of a budget is no whole number of millionths.')
}
