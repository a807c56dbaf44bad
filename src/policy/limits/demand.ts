import type { Call } from '../../core/call.ts'
import type { Price } from '../../core/limits.ts'
import { RESERVED_SERVER_NAMES, toolKey, type ToolRef } from '../../core/tool.ts'
import { matchesGlob } from '../../core/glob.ts'
import { MILLIONTHS, toMillionths } from './budgets/charge.ts'
import type { BudgetTerm, ConcurrencyTerm, RateTerm, Terms } from './terms.ts'

/** What calls of one tool take of the limits of somebody. */
export interface Demand {
  readonly rates: readonly RateDemand[]
  readonly places: readonly ConcurrencyTerm[]
  readonly budgets: readonly BudgetDemand[]
}

/** One more under a key. */
export interface RateDemand {
  readonly term: RateTerm
  readonly key: string
  /** The server or the tool, where it is counted apart. */
  readonly of?: string
}

/** What is to be set aside. */
export interface BudgetDemand {
  readonly term: BudgetTerm
  /** Millionths. */
  readonly amount: number
}

/** What calls may cost. */
export interface Tariff {
  readonly prices: readonly Price[]
  /** Set aside for the answer of a call, tokens. */
  readonly tokensPerCall: number
  /** Processor time that a call of the tool may take in a sandbox, milliseconds; 0 for what runs no script. */
  readonly sandboxMsOf: (tool: ToolRef) => number
}

/** What a call of the tool takes. Pure. */
export function demandOf(tool: ToolRef, terms: Terms, tariff: Tariff): Demand {
  const key = toolKey(tool)
  return {
    rates: terms.calls.filter(({ rate }) => isMeant(tool, key, rate.tools)).map((term) => toRate(term, tool)),
    places: terms.concurrency,
    budgets: isTool(tool)
      ? terms.budgets
          .map((term) => ({ term, amount: amountOf(term, tool, key, tariff) }))
          .filter(({ amount }) => amount > 0)
      : [],
  }
}

/** The budgets that a call touches: one that is only simulated none, and of tokens only what the caller itself is given. */
export function budgetsOf(call: Call, { budgets }: Demand): readonly BudgetDemand[] {
  if (budgets.length === 0 || call.isSimulated === true || (call.method ?? TOOLS_CALL) !== TOOLS_CALL)
    return []
  // What a script reads stays in its run; what another call makes of it, call_tool that is, comes to the caller.
  const isRead = call.parent !== undefined && call.door === 'script'
  return isRead ? budgets.filter(({ term }) => term.budget.unit !== 'tokens') : budgets
}

/** True for tools of Isogate itself: they do what they do by calls of their own. */
export function isOwn({ server }: ToolRef): boolean {
  return RESERVED_SERVER_NAMES.includes(server)
}

const TOOLS_CALL = 'tools/call'
/** What it gives is what the call that it makes was given, which is charged already. */
const CALL_TOOL = 'code.call_tool'

function isTool({ kind }: ToolRef): boolean {
  return kind === undefined
}

/**
 * Whether calls of the tool count. Those of Isogate's own tools do only where they are named: what a script does is counted by
 * its calls, so the same work is counted alike whichever way it comes.
 */
function isMeant(tool: ToolRef, key: string, globs: readonly string[] | undefined): boolean {
  return globs === undefined ? !isOwn(tool) : globs.some((glob) => matchesGlob(glob, key))
}

/** Such a glob means none of the tools that call_tool may call. */
function isOfOwnTools(glob: string): boolean {
  return RESERVED_SERVER_NAMES.some((server) => glob.startsWith(`${server}.`))
}

function toRate(term: RateTerm, tool: ToolRef): RateDemand {
  const { each } = term.rate
  if (each === undefined) return { term, key: term.key }
  // Names of resources are a caller's to make up: counted apart they would be a way around the rate.
  const of = each === 'server' || !isTool(tool) ? tool.server : toolKey(tool)
  return { term, key: `${term.key}${of}`, of }
}

function amountOf({ budget, limit }: BudgetTerm, tool: ToolRef, key: string, tariff: Tariff): number {
  const { unit, tools } = budget
  // How much it will be nobody knows, so a budget that is smaller than the estimate is set aside whole.
  const estimated = (amount: number): number => Math.max(1, Math.min(limit, Math.ceil(amount)))
  if (unit === 'tokens' || unit === 'sandboxSeconds') {
    if (tools !== undefined && !isMeant(tool, key, tools)) return 0
    if (unit === 'tokens') {
      if (key === CALL_TOOL && !(tools ?? []).some(isOfOwnTools)) return 0
      return estimated(tariff.tokensPerCall * MILLIONTHS)
    }
    const sandboxMs = tariff.sandboxMsOf(tool)
    return sandboxMs > 0 ? estimated((sandboxMs / 1_000) * MILLIONTHS) : 0
  }
  if (!isMeant(tool, key, tools)) return 0
  if (unit === 'calls') return MILLIONTHS
  const price = tariff.prices.find((other) => matchesGlob(other.tools, key))?.perCall ?? 0
  // A price is never rounded to nothing.
  return price > 0 ? Math.max(1, toMillionths(price) ?? limit + 1) : 0
}
