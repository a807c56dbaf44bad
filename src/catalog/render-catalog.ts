import { type ToolSpec } from '../core/tool.ts'
import type { Catalog } from './catalog.ts'
import type { SignatureDetail } from './stubs/signature.ts'
import { estimateTokens } from './tokens.ts'

/** Who looks at the index, and how much of it he gets. */
export interface IndexView {
  /** What the caller may not see is neither listed nor counted. */
  readonly visible: (spec: ToolSpec) => boolean
  /**
   * For all of it: the servers with their counts come first, then signatures. Zero: only how many there are. Absent: all signatures
   * where they take few tokens, else none but the pinned ones.
   */
  readonly budgetTokens?: number
  /** Tools that come first whatever they cost, by any accepted spelling. */
  readonly pinned?: readonly string[]
}

/** A signature below the heading of its server. */
export interface Line {
  readonly spec: ToolSpec
  readonly text: string
  readonly tokens: number
}

export type LineOf = (spec: ToolSpec, detail: SignatureDetail) => Line

/** Servers with counts, then signatures. */
export function renderCatalog(catalog: Catalog, view: IndexView, lineOf: LineOf): string {
  const seen = catalog.tools.filter(view.visible)
  if (seen.length === 0) return 'No tools.'
  const servers = Map.groupBy(seen, (spec) => spec.ref.server)
  const idOf = (server: string) => catalog.names.serverIdentifier(server) ?? server
  const { budgetTokens } = view
  if (budgetTokens === 0) {
    return `${servers.size} servers with ${seen.length} tools; search_tools with an empty query lists them.`
  }
  const counts = [...servers].map(([server, specs]) => `${idOf(server)} (${specs.length})`)
  const { head, leftTokens } = headOf(counts, (budgetTokens ?? SERVERS_TOKENS) * SURE)
  const { shown, detail } =
    budgetTokens === undefined
      ? fitting(catalog, view, seen, servers, lineOf)
      : { shown: choose(catalog, view, leftTokens, seen, servers, lineOf), detail: 'brief' as const }
  if (shown.size === 0) return `${head}\nPARTIAL (0 of ${seen.length} tools shown)`
  const state =
    shown.size === seen.length
      ? `COMPLETE (all ${seen.length} tools)`
      : `PARTIAL (${shown.size} of ${seen.length} tools shown)`
  const blocks = [...servers].flatMap(([server, specs]) => {
    const own = specs.filter((spec) => shown.has(spec))
    return own.length === 0
      ? []
      : [`tools.${idOf(server)}.`, ...own.map((spec) => `  ${lineOf(spec, detail).text}`)]
  })
  return [head, state, ...blocks].join('\n')
}

/** Servers with counts, of tools that are shown somewhere else. */
export function renderServers(seen: readonly ToolSpec[]): string {
  if (seen.length === 0) return 'No tools.'
  const servers = Map.groupBy(seen, (spec) => spec.ref.server)
  return headOf(
    [...servers].map(([server, specs]) => `${server} (${specs.length})`),
    SERVERS_TOKENS * SURE,
  ).head
}

/**
 * All tools, with all that a script needs to know of them, or only those that are pinned: some of many are seldom those that are needed, and
 * each costs something at every turn.
 */
function fitting(
  catalog: Catalog,
  view: IndexView,
  seen: readonly ToolSpec[],
  servers: ReadonlyMap<string, readonly ToolSpec[]>,
  lineOf: LineOf,
): { readonly shown: ReadonlySet<ToolSpec>; readonly detail: SignatureDetail } {
  let left = COMPLETE_TOKENS
  if (seen.every((spec) => (left -= lineOf(spec, 'full').tokens) >= 0))
    return { shown: new Set(seen), detail: 'full' }
  const pinned = view.pinned ?? []
  return {
    shown:
      pinned.length === 0 ? new Set() : choose(catalog, view, PINNED_TOKENS, seen, servers, lineOf, true),
    detail: 'brief',
  }
}

/** Sums of estimates are off by up to 5 %: a budget that is promised is not overdrawn. */
const SURE = 0.94
/** What the names of servers may take, and what signatures may take where all of them are shown: measured by `isogate bench tokens`. */
const SERVERS_TOKENS = 250
const COMPLETE_TOKENS = 800
const PINNED_TOKENS = 1_500
/** Room for the line that says how much is shown. */
const STATE_TOKENS = 12

/** All servers with their counts, or as many as the budget allows, and what is left of it. */
function headOf(counts: readonly string[], budgetTokens: number): { head: string; leftTokens: number } {
  const write = (shown: number): string => {
    if (shown === 0) return `${counts.length} servers`
    const more = shown === counts.length ? '' : `, and ${counts.length - shown} more servers`
    return `Servers (tools): ${counts.slice(0, shown).join(', ')}${more}`
  }
  let shown = counts.length
  while (shown > 0 && estimateTokens(write(shown)) > budgetTokens - STATE_TOKENS) {
    shown = shown > 8 ? Math.floor(shown * 0.9) : shown - 1
  }
  const head = write(shown)
  return { head, leftTokens: budgetTokens - STATE_TOKENS - estimateTokens(head) }
}

/** Pinned tools, then for each server in turn its cheapest line, until the budget is used up. */
function choose(
  catalog: Catalog,
  view: IndexView,
  budgetTokens: number,
  seen: readonly ToolSpec[],
  servers: ReadonlyMap<string, readonly ToolSpec[]>,
  lineOf: LineOf,
  isPinnedOnly = false,
): ReadonlySet<ToolSpec> {
  const chosen = new Set<ToolSpec>()
  const headed = new Set<string>()
  let left = budgetTokens
  const take = (spec: ToolSpec): boolean => {
    const heading = headed.has(spec.ref.server)
      ? 0
      : estimateTokens(`\ntools.${catalog.names.serverIdentifier(spec.ref.server) ?? ''}.`)
    const cost = lineOf(spec, 'brief').tokens + heading
    if (cost > left) return false
    left -= cost
    headed.add(spec.ref.server)
    chosen.add(spec)
    return true
  }
  if (left <= 0) return chosen
  const isSeen = new Set(seen)
  for (const spelling of view.pinned ?? []) {
    const spec = catalog.resolve(spelling)
    if (spec !== undefined && isSeen.has(spec) && !chosen.has(spec)) take(spec)
  }
  if (isPinnedOnly) return chosen
  let queues = [...servers.values()].map((specs) =>
    specs
      .filter((spec) => !chosen.has(spec))
      .sort((a, b) => lineOf(b, 'brief').tokens - lineOf(a, 'brief').tokens),
  )
  while (queues.length > 0) {
    queues = queues.filter((queue) => {
      const spec = queue.pop()
      // The next of this server costs no less.
      return spec !== undefined && take(spec)
    })
  }
  return chosen
}
