import { type ToolSpec, toolKey } from '../core/tool.ts'
import type { Catalog } from './catalog.ts'
import type { SearchPage } from './search.ts'
import { printSignature } from './stubs/signature.ts'
import { estimateTokens } from './tokens.ts'

/** Who looks at the index, and how much of it he gets. */
export interface IndexView {
  /** What the caller may not see is neither listed nor counted. */
  readonly visible: (spec: ToolSpec) => boolean
  /** For the signatures; the list of servers is always there. */
  readonly budgetTokens: number
  /** Tools that come first whatever they cost, by any accepted spelling. */
  readonly pinned?: readonly string[]
}

/** What a model is shown of a catalog. */
export interface ToolIndex {
  /** The one line of a tool, callable as it stands. */
  readonly signature: (spec: ToolSpec) => string
  /** Servers with counts, then as many signatures as the budget allows: COMPLETE or PARTIAL. */
  readonly renderCatalog: (view: IndexView) => string
  /** Matches as callable lines, with what was left out and how to page. */
  readonly renderMatches: (page: SearchPage) => string
}

interface Line {
  readonly spec: ToolSpec
  readonly text: string
  readonly tokens: number
}

/** Makes the index of a catalog. Lines are printed when they are first asked for, and kept: the catalog never changes. */
export function createIndex(catalog: Catalog): ToolIndex {
  const signatures = new Map<string, string>()
  const lines = new Map<string, Line>()
  const remember = <T>(known: Map<string, T>, spec: ToolSpec, make: () => T): T => {
    const key = toolKey(spec.ref)
    let value = known.get(key)
    if (value === undefined) known.set(key, (value = make()))
    return value
  }
  const signature = (spec: ToolSpec) => remember(signatures, spec, () => printSignature(spec, catalog.names))
  const lineOf = (spec: ToolSpec) =>
    remember(lines, spec, () => {
      const text = printSignature(spec, catalog.names, 'name')
      return { spec, text, tokens: estimateTokens(`\n  ${text}`) }
    })

  return Object.freeze<ToolIndex>({
    signature,
    renderCatalog: (view) => renderCatalog(catalog, view, lineOf),
    renderMatches: (page) => renderMatches(page, signature),
  })
}

function renderCatalog(catalog: Catalog, view: IndexView, lineOf: (spec: ToolSpec) => Line): string {
  const seen = catalog.tools.filter(view.visible)
  if (seen.length === 0) return 'No tools.'
  const servers = Map.groupBy(seen, (spec) => spec.ref.server)
  const idOf = (server: string) => catalog.names.serverIdentifier(server) ?? server
  const counts = [...servers].map(([server, specs]) => `${idOf(server)} (${specs.length})`)
  const head = `Servers (tools): ${counts.join(', ')}`
  const shown = choose(catalog, view, seen, servers, lineOf)
  if (shown.size === 0) return `${head}\nPARTIAL (0 of ${seen.length} tools shown)`
  const state =
    shown.size === seen.length
      ? `COMPLETE (all ${seen.length} tools)`
      : `PARTIAL (${shown.size} of ${seen.length} tools shown)`
  const blocks = [...servers].flatMap(([server, specs]) => {
    const own = specs.filter((spec) => shown.has(spec))
    return own.length === 0 ? [] : [`tools.${idOf(server)}.`, ...own.map((spec) => `  ${lineOf(spec).text}`)]
  })
  return [head, state, ...blocks].join('\n')
}

/** Pinned tools, then for each server in turn its cheapest line, until the budget is used up. */
function choose(
  catalog: Catalog,
  view: IndexView,
  seen: readonly ToolSpec[],
  servers: ReadonlyMap<string, readonly ToolSpec[]>,
  lineOf: (spec: ToolSpec) => Line,
): ReadonlySet<ToolSpec> {
  const chosen = new Set<ToolSpec>()
  const headed = new Set<string>()
  let left = view.budgetTokens
  const take = (spec: ToolSpec): boolean => {
    const heading = headed.has(spec.ref.server)
      ? 0
      : estimateTokens(`\ntools.${catalog.names.serverIdentifier(spec.ref.server) ?? ''}.`)
    const cost = lineOf(spec).tokens + heading
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
  let queues = [...servers.values()].map((specs) =>
    specs.filter((spec) => !chosen.has(spec)).sort((a, b) => lineOf(b).tokens - lineOf(a).tokens),
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

function renderMatches(page: SearchPage, signature: (spec: ToolSpec) => string): string {
  if (page.total === 0) return 'No matches. Try other words, or an empty query to browse.'
  if (page.matches.length === 0) return `No more matches: there are ${page.total}.`
  const first = page.offset + 1
  const last = page.offset + page.matches.length
  const rest =
    page.next === undefined
      ? `${first} to ${last} of ${page.total}; nothing is left out.`
      : `${first} to ${last} of ${page.total}; ${page.total - last} left out, continue with offset ${page.next}.`
  return [...page.matches.map(({ spec }) => signature(spec)), rest].join('\n')
}
