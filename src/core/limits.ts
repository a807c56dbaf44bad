/** How long a window is. `total` never ends. */
export type LimitWindow = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'total'

/** What a budget counts: calls of tools, money in the currency of the prices, tokens, seconds of a sandbox's processor. */
export type BudgetUnit = 'calls' | 'money' | 'tokens' | 'sandboxSeconds'

/** At most so many in a window. Exactly one of `requests` and `calls` is there. */
export interface RateLimit {
  /** Requests to the gateway, whatever they are for. */
  readonly requests?: number
  /** Calls of tools. */
  readonly calls?: number
  readonly per: Exclude<LimitWindow, 'week' | 'month' | 'total'>
  /** Globs over `server.tool`: only these calls count. Absent: all. */
  readonly tools?: readonly string[]
  /** Counted apart for each server or each tool. Absent: all together. */
  readonly each?: 'server' | 'tool'
}

/** So much in a window, over all gateways that share a store. */
export interface Budget {
  readonly unit: BudgetUnit
  readonly amount: number
  readonly per: Exclude<LimitWindow, 'second'>
  /** True: windows begin with the hour, the day, Monday or the month (UTC). False: with the first use. */
  readonly calendar: boolean
  /** Globs over `server.tool`: only these calls count. Absent: all. */
  readonly tools?: readonly string[]
}

/** The limits of the gateway, an organisation, a team or a key. All levels hold. */
export interface LimitSettings {
  readonly rates: readonly RateLimit[]
  /** Calls in flight at the same time. */
  readonly concurrency?: number
  readonly budgets: readonly Budget[]
}

/** What one call of a tool costs, in the currency of the operator; the first price whose glob matches counts. */
export interface Price {
  /** A glob over `server.tool`. */
  readonly tools: string
  readonly perCall: number
}
