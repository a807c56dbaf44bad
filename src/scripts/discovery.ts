import type { Catalog } from '../catalog/catalog.ts'
import type { ToolIndex } from '../catalog/index.ts'
import type { Search } from '../catalog/search.ts'
import { printDeclarations } from '../catalog/stubs/declarations.ts'
import type { JsonObject } from '../core/json.ts'
import { textResult, type Result } from '../core/result.ts'
import type { ToolSpec } from '../core/tool.ts'

/** What the discovery tools look at: one snapshot. */
export interface DiscoveryView {
  readonly catalog: Catalog
  readonly search: () => Search
  readonly index: () => ToolIndex
}

type IsVisible = (spec: ToolSpec) => boolean

/** Answers `search_tools`. Arguments have been validated against the tool's schema. */
export function searchTools(view: DiscoveryView, isVisible: IsVisible, args: JsonObject): Result {
  const { query, server, limit, offset } = args
  const page = view.search().query({
    text: typeof query === 'string' ? query : '',
    visible: isVisible,
    ...(typeof server === 'string' ? { server } : {}),
    ...(typeof limit === 'number' ? { limit } : {}),
    ...(typeof offset === 'number' ? { offset } : {}),
  })
  return textResult(view.index().renderMatches(page))
}

/** Answers `describe_tools`: the declarations of all that are known, and for each unknown name the nearest ones. */
export function describeTools({ catalog }: DiscoveryView, isVisible: IsVisible, args: JsonObject): Result {
  const wanted = Array.isArray(args['tools']) ? args['tools'].map(String) : []
  const found = new Set<ToolSpec>()
  const unknown: string[] = []
  for (const name of wanted) {
    const spec = catalog.resolve(name)
    if (spec !== undefined && isVisible(spec)) found.add(spec)
    else unknown.push(unknownLine(name, catalog, isVisible))
  }
  const declarations = found.size === 0 ? [] : [printDeclarations([...found], catalog.names)]
  const result = textResult([...declarations, ...unknown].join('\n'))
  return found.size === 0 ? { ...result, isError: true } : result
}

function unknownLine(name: string, catalog: Catalog, isVisible: IsVisible): string {
  const nearest = catalog.nearest(name, isVisible).map(({ ref }) => catalog.names.of(ref)?.path ?? ref.name)
  const hint = nearest.length === 0 ? '' : ` Nearest: ${nearest.join(', ')}.`
  return `// There is no tool "${name.slice(0, 200).replaceAll(/\s+/g, ' ')}".${hint}`
}
