import type { JsonObject } from '../../core/json.ts'
import { textResult, type Result } from '../../core/result.ts'
import type { ToolSpec } from '../../core/tool.ts'
import { describe, queryOf, type DiscoveryView, type IsVisible } from './discovery.ts'

/** What a definition says about calling a tool. The rest (icons, `_meta`) is for programs. */
const TOLD = ['title', 'description', 'inputSchema', 'outputSchema', 'annotations'] as const

/** Answers `search_tools` of mode `search`: the signatures of Code Mode, under the names for `call_tool`. */
export async function searchToolsClassic(
  view: DiscoveryView,
  isVisible: IsVisible,
  args: JsonObject,
  signal?: AbortSignal,
): Promise<Result> {
  const { names } = view.catalog
  const page = await view.search().queryHybrid(queryOf(isVisible, args), signal)
  const lines = view.index().renderMatches(page).split('\n')
  const renamed = lines.map((line, index) => {
    const match = page.matches[index]
    const known = match === undefined ? undefined : names.of(match.spec.ref)
    return known !== undefined && line.startsWith(known.path)
      ? known.exposed + line.slice(known.path.length)
      : line
  })
  return textResult(renamed.join('\n'))
}

/** Answers `describe_tools` of mode `search`: one definition to a line, as the classic list has it. */
export function describeToolsClassic(
  { catalog }: DiscoveryView,
  isVisible: IsVisible,
  args: JsonObject,
): Result {
  const spell = ({ ref }: ToolSpec): string => catalog.names.of(ref)?.exposed ?? ref.name
  const toLine = (spec: ToolSpec): string => {
    const told = TOLD.flatMap((key) => {
      const value = spec.definition[key]
      return value === undefined ? [] : [[key, value] as const]
    })
    return JSON.stringify({ name: spell(spec), ...Object.fromEntries(told) })
  }
  return describe(catalog, isVisible, args, {
    print: (specs) => specs.map(toLine).join('\n'),
    spell,
    remark: '',
  })
}
