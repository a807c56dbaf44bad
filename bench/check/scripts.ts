import type { Catalog } from '../../src/catalog/catalog.ts'
import { toolType } from '../../src/catalog/stubs/tool-type.ts'
import type { TypeNode } from '../../src/catalog/stubs/type-node.ts'
import type { ToolSpec } from '../../src/core/tool.ts'

/**
 * A script of about so many lines that calls tools of the catalog with right arguments and works on what they give: a third of
 * its lines are calls. Another seed names other tools.
 */
export function writeScript(
  tools: readonly CallableTool[],
  lines: number,
  seed: number,
  kind: 'right' | 'wrong',
): string {
  const text = ['const found = []']
  for (let index = 0; text.length + 3 < lines; index++) {
    const tool = tools[(seed * 37 + index * 11) % tools.length]
    if (tool === undefined) break
    text.push(
      `const result${index} = await ${tool.path}(${tool.args})`,
      `const rows${index} = Array.isArray(result${index}) ? result${index} : [result${index}]`,
      `found.push(...rows${index}.map((row) => ({ from: ${index}, text: JSON.stringify(row).slice(0, 100) })))`,
    )
  }
  if (kind === 'wrong') text.push('await tools.nowhere.at_all({})')
  return [...text, 'return found'].join('\n')
}

/** A tool with arguments that it takes. */
export interface CallableTool {
  readonly path: string
  readonly args: string
}

/** Tools of which the right arguments can be made from their schema. */
export function callableTools(catalog: Catalog): readonly CallableTool[] {
  return catalog.tools.flatMap((spec) => toCallable(spec, catalog) ?? [])
}

function toCallable(spec: ToolSpec, catalog: Catalog): CallableTool | undefined {
  const path = catalog.names.of(spec.ref)?.path
  const { args } = toolType(spec)
  if (path === undefined) return undefined
  if (args === undefined) return { path, args: '' }
  const value = valueOf(args.type, args.helpers, 0)
  return value === undefined || !value.startsWith('{') ? undefined : { path, args: value }
}

/** TypeScript of a value of a type; undefined where that is not simple. */
function valueOf(
  node: TypeNode,
  helpers: ReadonlyMap<string, { readonly node: TypeNode }>,
  depth: number,
): string | undefined {
  if (depth > 6) return undefined
  switch (node.kind) {
    case 'atom':
      return (
        { string: '"text"', number: '1', boolean: 'true', unknown: '"any"', null: 'null' }[node.text] ??
        node.text
      )
    case 'ref': {
      const target = helpers.get(node.name)?.node
      return target === undefined ? undefined : valueOf(target, helpers, depth + 1)
    }
    case 'array':
      return '[]'
    case 'union':
      return valueOf(node.parts[0] as TypeNode, helpers, depth + 1)
    case 'object': {
      const members = node.members
        .filter(({ optional }) => !optional)
        .map(({ name, type }) => ({ name, value: valueOf(type, helpers, depth + 1) }))
      if (members.some(({ value }) => value === undefined)) return undefined
      return `{ ${members.map(({ name, value }) => `${JSON.stringify(name)}: ${value}`).join(', ')} }`
    }
    default:
      return undefined
  }
}
