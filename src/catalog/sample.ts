import { isJsonObject, type Json } from '../core/json.ts'
import type { ToolSpec } from '../core/tool.ts'
import type { SchemaType } from './stubs/schema-type.ts'
import { toolType } from './stubs/tool-type.ts'
import type { TypeNode } from './stubs/type-node.ts'

/** What a text is in a sample: nobody should take it for a result. */
const TEXT = 'simulated'
const MAX_DEPTH = 6
const MAX_NODES = 500

/**
 * What a tool might give, for a run in which it is not really called: each list has one item, each member is there, each choice
 * is the first. An empty object where nothing is known of the output.
 *
 * @param learned What has been seen of the tool's results, where it declares none.
 */
export function sampleResult(spec: ToolSpec, learned?: SchemaType): Json {
  const { result = learned } = toolType(spec)
  return result === undefined ? {} : sampleOf(result)
}

/** A value of a type. Bounded: types come from schemas of strangers and may be recursive. */
function sampleOf({ type, helpers }: SchemaType): Json {
  let nodes = MAX_NODES
  const sample = (node: TypeNode, depth: number): Json => {
    if (nodes-- <= 0 || depth > MAX_DEPTH) return null
    switch (node.kind) {
      case 'atom':
        return sampleAtom(node.text, node.base)
      case 'array':
        return depth === MAX_DEPTH ? [] : [sample(node.item, depth + 1)]
      case 'tuple':
        return node.items.slice(0, Math.max(node.required, 1)).map((item) => sample(item, depth + 1))
      case 'object':
        return Object.fromEntries(node.members.map(({ name, type: of }) => [name, sample(of, depth + 1)]))
      case 'union': {
        const first = node.parts.find(({ key }) => key !== 'null') ?? node.parts[0]
        return first === undefined ? null : sample(first, depth)
      }
      case 'intersection': {
        const parts = node.parts.map((part) => sample(part, depth))
        // What is no object cannot be put together of parts: each of them is the whole.
        const whole = parts.find((part) => part !== null && !isJsonObject(part))
        return (
          whole ?? Object.fromEntries(parts.filter(isJsonObject).flatMap(Object.entries<Json | undefined>))
        )
      }
      default: {
        const target = helpers.get(node.name)?.node
        return target === undefined ? {} : sample(target, depth + 1)
      }
    }
  }
  return sample(type, 0)
}

function sampleAtom(text: string, base: string): Json {
  if (text !== base) {
    try {
      return JSON.parse(text) as Json
    } catch {
      // A literal that TypeScript writes otherwise than JSON: its kind has to do.
    }
  }
  if (base === 'string') return TEXT
  if (base === 'number' || base === 'bigint') return 0
  if (base === 'boolean') return false
  return base === 'null' || base === 'undefined' ? null : {}
}
