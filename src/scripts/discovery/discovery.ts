import type { Catalog } from '../../catalog/catalog.ts'
import type { ToolIndex } from '../../catalog/index.ts'
import type { Search, SearchPage, SearchQuery } from '../../catalog/search/search.ts'
import { GatewayError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { textResult, type Result } from '../../core/result.ts'
import type { ToolSpec } from '../../core/tool.ts'

/** What the discovery tools look at: one snapshot. */
export interface DiscoveryView {
  readonly catalog: Catalog
  readonly search: () => Search
  readonly index: () => ToolIndex
}

/** Tools in one answer, at the most. */
const MAX_TOOLS = 50

/** Whether the caller sees a tool. */
export type IsVisible = (spec: ToolSpec) => boolean

/** Answers `search_tools` of Code Mode. Arguments have been validated against the tool's schema. */
export async function searchTools(
  view: DiscoveryView,
  isVisible: IsVisible,
  args: JsonObject,
  signal?: AbortSignal,
): Promise<Result> {
  const page = await view.search().queryHybrid(queryOf(isVisible, args), signal)
  return textResult(view.index().renderMatches(page))
}

/** The page that the arguments of a search ask for, by words alone. */
export function pageOf(view: DiscoveryView, isVisible: IsVisible, args: JsonObject): SearchPage {
  return view.search().query(queryOf(isVisible, args))
}

/** What the arguments of a search ask for. */
export function queryOf(isVisible: IsVisible, { query, server, limit, cursor }: JsonObject): SearchQuery {
  return {
    text: typeof query === 'string' ? query : '',
    visible: isVisible,
    ...(typeof server === 'string' ? { server } : {}),
    ...(typeof limit === 'number' ? { limit: Math.min(MAX_TOOLS, Math.max(1, limit)) } : {}),
    ...(typeof cursor === 'string' ? { cursor } : {}),
  }
}

/** Answers `describe_tools` of Code Mode: the declarations of all that are known, and for each unknown name the nearest ones. */
export function describeTools(view: DiscoveryView, isVisible: IsVisible, args: JsonObject): Result {
  const { catalog } = view
  return describe(catalog, isVisible, args, {
    print: (specs) => view.index().declarations(specs),
    spell: ({ ref }) => catalog.names.of(ref)?.path ?? ref.name,
    remark: '// ',
  })
}

/** How tools are written for those who ask. */
interface Writing {
  readonly print: (specs: readonly ToolSpec[]) => string
  readonly spell: (spec: ToolSpec) => string
  /** What stands before a line that is no description. */
  readonly remark: string
}

/** Describes the tools that are named in the arguments, and says of each unknown name which ones are like it. */
export function describe(
  catalog: Catalog,
  isVisible: IsVisible,
  args: JsonObject,
  { print, spell, remark }: Writing,
): Result {
  const wanted = Array.isArray(args['tools']) ? args['tools'].map(String) : []
  if (wanted.length === 0 || wanted.length > MAX_TOOLS)
    throw new GatewayError(
      'invalid_arguments',
      `\`tools\` takes 1 to ${MAX_TOOLS} names, not ${wanted.length}.`,
    )
  const found = new Set<ToolSpec>()
  const unknown: string[] = []
  for (const name of wanted) {
    const spec = catalog.resolve(name)
    if (spec !== undefined && isVisible(spec)) {
      found.add(spec)
      continue
    }
    const nearest = catalog.nearest(name, isVisible).map(spell)
    const hint = nearest.length === 0 ? '' : ` Nearest: ${nearest.join(', ')}.`
    const said = name.slice(0, 200).replaceAll(/\s+/g, ' ')
    unknown.push(`${remark}There is no tool "${said}".${hint}`)
  }
  const result = textResult([...(found.size === 0 ? [] : [print([...found])]), ...unknown].join('\n'))
  return found.size === 0 ? { ...result, isError: true } : result
}
