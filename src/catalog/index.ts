import { type ToolSpec, toolKey } from '../core/tool.ts'
import type { Catalog } from './catalog.ts'
import type { SearchPage } from './search/search.ts'
import { printDeclarations } from './stubs/declarations.ts'
import { printSignature } from './stubs/signature.ts'
import type { SoftTypes } from './stubs/soft-type.ts'
import { estimateTokens } from './tokens.ts'

/** Who looks at the index, and how much of it he gets. */
export interface IndexView {
  /** What the caller may not see is neither listed nor counted. */
  readonly visible: (spec: ToolSpec) => boolean
  /** For all of it: the servers with their counts come first, then signatures. Zero: only how many there are. */
  readonly budgetTokens: number
  /** Tools that come first whatever they cost, by any accepted spelling. */
  readonly pinned?: readonly string[]
}

/** What a model is shown of a catalog. */
export interface ToolIndex {
  /** The one line of a tool, callable as it stands. */
  readonly signature: (spec: ToolSpec) => string
  /** Everything that is known of some tools, as TypeScript. */
  readonly declarations: (specs: readonly ToolSpec[]) => string
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

/** Types of results that were seen, and how often what is known of them has changed. */
export interface LearnedTypes {
  readonly softOf: SoftTypes
  readonly version: () => number
}

/**
 * Makes the index of a catalog. Lines are printed when they are first asked for, and kept until something is learned: the catalog
 * itself never changes.
 */
export function createIndex(catalog: Catalog, learned?: LearnedTypes): ToolIndex {
  const signatures = new Map<string, string>()
  const lines = new Map<string, Line>()
  let version = learned?.version()
  const remember = <T>(known: Map<string, T>, spec: ToolSpec, make: () => T): T => {
    if (learned !== undefined && learned.version() !== version) {
      version = learned.version()
      signatures.clear()
      lines.clear()
    }
    const key = toolKey(spec.ref)
    let value = known.get(key)
    if (value === undefined) known.set(key, (value = make()))
    return value
  }
  const results = learned === undefined ? {} : { soft: learned.softOf }
  const signature = (spec: ToolSpec) =>
    remember(signatures, spec, () => printSignature(spec, catalog.names, 'path', results))
  const lineOf = (spec: ToolSpec) =>
    remember(lines, spec, () => {
      const text = printSignature(spec, catalog.names, 'name', results)
      return { spec, text, tokens: estimateTokens(`\n  ${text}`) }
    })

  return Object.freeze<ToolIndex>({
    signature,
    declarations: (specs) => printDeclarations(specs, catalog.names, results),
    renderCatalog: (view) => renderCatalog(catalog, view, lineOf),
    renderMatches: (page) =>
      renderMatches(page, signature, (spec) => catalog.names.of(spec.ref)?.path ?? spec.ref.name),
  })
}

function renderCatalog(catalog: Catalog, view: IndexView, lineOf: (spec: ToolSpec) => Line): string {
  const seen = catalog.tools.filter(view.visible)
  if (seen.length === 0) return 'No tools.'
  const servers = Map.groupBy(seen, (spec) => spec.ref.server)
  const idOf = (server: string) => catalog.names.serverIdentifier(server) ?? server
  if (view.budgetTokens === 0) {
    return `${servers.size} servers with ${seen.length} tools; search_tools with an empty query lists them.`
  }
  const counts = [...servers].map(([server, specs]) => `${idOf(server)} (${specs.length})`)
  const { head, leftTokens } = headOf(counts, view.budgetTokens * SURE)
  const shown = choose(catalog, { ...view, budgetTokens: leftTokens }, seen, servers, lineOf)
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

/** Sums of estimates are off by up to 5 %: a budget that is promised is not overdrawn. */
const SURE = 0.94
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

function renderMatches(
  page: SearchPage,
  signature: (spec: ToolSpec) => string,
  pathOf: (spec: ToolSpec) => string,
): string {
  if (page.total === 0) {
    const nearest = (page.nearest ?? []).map(pathOf)
    return nearest.length === 0
      ? 'No matches. Try other words, or an empty query to browse.'
      : `No matches. Nearest names: ${nearest.join(', ')}.`
  }
  if (page.matches.length === 0) return `No more matches: there are ${page.total}.`
  const last = page.offset + page.matches.length
  const shown = `${page.offset + 1} to ${last} of ${page.total}`
  const rest =
    page.nextCursor === undefined
      ? `${shown}; nothing is left out.`
      : `${shown}; ${page.total - last} left out, next: cursor "${page.nextCursor}".`
  return [...page.matches.map(({ spec }) => signature(spec)), rest].join('\n')
}
