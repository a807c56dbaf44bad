import { type ToolSpec, toolKey } from '../core/tool.ts'
import type { Catalog } from './catalog.ts'
import type { SearchPage } from './search/search.ts'
import { renderCatalog, renderServers, type IndexView, type Line, type LineOf } from './render-catalog.ts'
import { printDeclarations } from './stubs/declarations.ts'
import { printSignature } from './stubs/signature.ts'
import type { SoftTypes } from './stubs/soft-type.ts'
import { estimateTokens } from './tokens.ts'

/** What a model is shown of a catalog. */
export interface ToolIndex {
  /** The one line of a tool, callable as it stands. */
  readonly signature: (spec: ToolSpec) => string
  /** Everything that is known of some tools, as TypeScript. */
  readonly declarations: (specs: readonly ToolSpec[]) => string
  /** Servers with counts, then as many signatures as the budget allows: COMPLETE or PARTIAL. */
  readonly renderCatalog: (view: IndexView) => string
  /** The servers with their counts, as many as a few tokens hold, as their names stand in names of tools. */
  readonly renderServers: (visible: IndexView['visible']) => string
  /** Matches as callable lines, with what was left out and how to page. */
  readonly renderMatches: (page: SearchPage) => string
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
  const fullSignatures = new Map<string, string>()
  const lines = new Map<string, Line>()
  const fullLines = new Map<string, Line>()
  let version = learned?.version()
  const remember = <T>(known: Map<string, T>, spec: ToolSpec, make: () => T): T => {
    if (learned !== undefined && learned.version() !== version) {
      version = learned.version()
      signatures.clear()
      fullSignatures.clear()
      lines.clear()
      fullLines.clear()
    }
    const key = toolKey(spec.ref)
    let value = known.get(key)
    if (value === undefined) known.set(key, (value = make()))
    return value
  }
  const results = learned === undefined ? {} : { soft: learned.softOf }
  const signature = (spec: ToolSpec) =>
    remember(signatures, spec, () => printSignature(spec, catalog.names, 'path', results))
  const fullSignature = (spec: ToolSpec) =>
    remember(fullSignatures, spec, () => printSignature(spec, catalog.names, 'path', results, 'full'))
  const lineOf: LineOf = (spec, detail) =>
    remember(detail === 'full' ? fullLines : lines, spec, () => {
      const text = printSignature(spec, catalog.names, 'name', results, detail)
      return { spec, text, tokens: estimateTokens(`\n  ${text}`) }
    })

  return Object.freeze<ToolIndex>({
    signature,
    declarations: (specs) => printDeclarations(specs, catalog.names, results),
    renderCatalog: (view) => renderCatalog(catalog, view, lineOf),
    renderServers: (visible) => renderServers(catalog.tools.filter(visible)),
    renderMatches: (page) =>
      renderMatches(page, fullSignature, (spec) => catalog.names.of(spec.ref)?.path ?? spec.ref.name),
  })
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
