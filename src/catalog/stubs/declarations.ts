import type { ToolSpec } from '../../core/tool.ts'
import type { Names, ToolNames } from '../names.ts'
import { jsDoc, printType, type PrintStyle } from './print-type.ts'
import type { SchemaType } from './schema-type.ts'
import { propertyKey } from './text.ts'
import { toolType } from './tool-type.ts'
import { namedHelpers } from './type-helpers.ts'
import { UNKNOWN } from './type-node.ts'

/** What declarations show. */
export interface DeclarationOptions {
  /** Descriptions as JSDoc, each once. Default true. */
  readonly docs?: boolean
}

/**
 * The TypeScript declarations of a list of tools: helper types, then `declare const tools`. Everything in it that comes from
 * a server is a literal, a comment or a sanitised identifier; test/catalog/stubs/hostile.test.ts pins that.
 */
export function printDeclarations(
  specs: readonly ToolSpec[],
  names: Names,
  options: DeclarationOptions = {},
): string {
  const docs = options.docs ?? true
  const taken = new Set<string>()
  const helpers: string[] = []
  const lines: string[] = []
  for (const [server, own] of Map.groupBy(specs, (spec) => spec.ref.server)) {
    lines.push(`  readonly ${propertyKey(names.serverIdentifier(server) ?? server)}: {`)
    for (const spec of own) {
      const tool = names.of(spec.ref)
      if (tool !== undefined) lines.push(printTool(spec, tool, docs, taken, helpers))
    }
    lines.push('  }')
  }
  return [...helpers, 'declare const tools: {', ...lines, '}', ''].join('\n')
}

function printTool(
  spec: ToolSpec,
  tool: ToolNames,
  docs: boolean,
  taken: Set<string>,
  helpers: string[],
): string {
  const { args, isArgsOptional, result } = toolType(spec)
  const print = (type: SchemaType) => printWithHelpers(type, tool, docs, taken, helpers)
  const argsText = args === undefined ? 'Record<string, never>' : print(args)
  const resultText = result === undefined ? 'unknown' : print(result)
  const doc = docs ? jsDoc(spec.description ?? spec.title ?? '') : ''
  const key = propertyKey(tool.toolIdentifier)
  return `    ${doc}${key}(args${isArgsOptional ? '?' : ''}: ${argsText}): Promise<${resultText}>`
}

/** Prints a type and adds the named types that it needs to `helpers`. */
function printWithHelpers(
  type: SchemaType,
  tool: ToolNames,
  docs: boolean,
  taken: Set<string>,
  helpers: string[],
): string {
  const named = new Map<string, string>()
  for (const name of namedHelpers(type.type, type.helpers)) named.set(name, helperName(tool, name, taken))
  const style: PrintStyle = {
    docs,
    nameOf: (helper) => named.get(helper),
    inlined: (helper) => type.helpers.get(helper)?.node ?? UNKNOWN,
  }
  for (const [name, text] of named) helpers.push(`type ${text} = ${printType(style.inlined(name), style)}`)
  return printType(type.type, style, '    ')
}

/** No two tools share a type: a name begins with the tool's own. */
function helperName(tool: ToolNames, name: string, taken: Set<string>): string {
  const base = `${tool.serverIdentifier}_${tool.toolIdentifier}_${name}`.replace(/[^\w$]/g, '_')
  let free = base
  for (let i = 2; taken.has(free); i++) free = `${base}${i}`
  taken.add(free)
  return free
}
