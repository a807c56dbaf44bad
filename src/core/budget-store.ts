/** One window of one budget of one level. */
export interface BudgetKey {
  /** `<level kind>:<level id>:<hash of the budget>`. */
  readonly account: string
  /** When the window began, milliseconds since the epoch; 0 for one that never ends. */
  readonly windowStartMs: number
}

/**
 * What is spent of budgets, over all gateways that share the store. Amounts are whole numbers of millionths, so that sums of prices are
 * exact. A gateway takes a portion ahead, spends it in memory and gives back what is left when it ends; one that is killed loses the
 * rest of its portion, so that a limit is never exceeded.
 */
export interface BudgetStore {
  /**
   * Takes up to `wanted` from what is left of `limit`, at least `least`.
   *
   * @returns what was taken, and what has been taken by all; 0 where less than `least` is left
   */
  readonly take: (
    key: BudgetKey,
    request: {
      readonly wanted: number
      readonly least: number
      readonly limit: number
      readonly endsAtMs: number
    },
  ) => Promise<{ readonly taken: number; readonly spent: number }>
  /** Gives back what was taken and not spent. A negative amount is one that was spent beyond. */
  readonly giveBack: (key: BudgetKey, amount: number) => Promise<void>
  /** When the window that is open at this moment began, for windows that begin with the first use; opens one where there is none. */
  readonly openWindow: (account: string, nowMs: number, lengthMs: number) => Promise<number>
  /** For people: what was taken, by account and window. */
  readonly list: () => Promise<
    readonly (BudgetKey & { readonly spent: number; readonly limit: number; readonly endsAtMs: number })[]
  >
}
