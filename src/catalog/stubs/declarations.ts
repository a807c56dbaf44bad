import type { ToolSpec } from '../../core/tool.ts'
import type { Names, ToolNames } from '../names.ts'
import { spreadDocstring } from './docstring.ts'
import { printType, type PrintStyle, withComment } from './print-type.ts'
import { type ResultOptions, resultText } from './result-text.ts'
import type { SchemaType } from './schema-type.ts'
import { cutText, isRepeat, propertyKey } from './text.ts'
import { toolType } from './tool-type.ts'
import { namedHelpers } from './type-helpers.ts'
import { UNKNOWN } from './type-node.ts'

/** What declarations show. */
export interface DeclarationOptions extends ResultOptions {
  /** Descriptions as comments, each once. Default true. */
  readonly docs?: boolean
}

/** Of a longer description of a tool, the first sentences are kept: 97 of 100 real ones are shorter. */
const DESCRIPTION_CHARS = 1000

/**
 * The TypeScript declarations of a list of tools: helper types, then `declare const tools`. Everything in it that comes from
 * a server is a literal, a comment or a sanitised identifier; test/catalog/stubs/hostile.test.ts pins that.
 */
export function printDeclarations(
  specs: readonly ToolSpec[],
  names: Names,
  options: DeclarationOptions = {},
): string {
  const page: Page = { options, taken: new Set(), helpers: [] }
  const lines: string[] = []
  for (const [server, own] of Map.groupBy(specs, (spec) => spec.ref.server)) {
    lines.push(`${propertyKey(names.serverIdentifier(server) ?? server)}: {`)
    for (const spec of own) {
      const tool = names.of(spec.ref)
      if (tool !== undefined) lines.push(printTool(spec, tool, page))
    }
    lines.push('}')
  }
  return [...page.helpers, 'declare const tools: {', ...lines, '}', ''].join('\n')
}

/** What the tools of one text share. */
interface Page {
  readonly options: DeclarationOptions
  readonly taken: Set<string>
  readonly helpers: string[]
}

function printTool(known: ToolSpec, tool: ToolNames, page: Page): string {
  const hasDocs = page.options.docs !== false
  const spec = hasDocs ? spreadDocstring(known) : known
  const { args, isArgsOptional, result } = toolType(spec, hasDocs)
  const print = (type: SchemaType) => printWithHelpers(type, tool, page)
  const argsText = args === undefined ? 'Record<string, never>' : print(args)
  const output = resultText(spec, result, page.options, print)
  const code = `${propertyKey(tool.toolIdentifier)}(args${isArgsOptional ? '?' : ''}: ${argsText}): Promise<${output}>`
  return hasDocs ? withComment(code, describe(spec)) : code
}

function describe(spec: ToolSpec): string {
  const text = spec.description ?? spec.title ?? ''
  return isRepeat(text, spec.ref.name) ? '' : cutText(text, DESCRIPTION_CHARS)
}

/** Prints a type and adds the named types that it needs to the page. */
function printWithHelpers(type: SchemaType, tool: ToolNames, page: Page): string {
  const named = new Map<string, string>()
  for (const name of namedHelpers(type.type, type.helpers))
    named.set(name, helperName(tool, name, page.taken))
  const style: PrintStyle = {
    docs: page.options.docs ?? true,
    nameOf: (helper) => named.get(helper),
    inlined: (helper) => type.helpers.get(helper)?.node ?? UNKNOWN,
  }
  for (const [name, text] of named)
    page.helpers.push(`type ${text} = ${printType(style.inlined(name), style)}`)
  return printType(type.type, style)
}

/** No two tools share a type: a name begins with the tool's own. */
function helperName(tool: ToolNames, name: string, taken: Set<string>): string {
  const base = `${tool.serverIdentifier}_${tool.toolIdentifier}_${name}`.replace(/[^\w$]/g, '_')
  let free = base
  for (let i = 2; taken.has(free); i++) free = `${base}${i}`
  taken.add(free)
  return free
}
