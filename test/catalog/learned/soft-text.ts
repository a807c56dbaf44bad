import type { Json } from '../../../src/core/json.ts'
import { EMPTY_SHAPE, mergeShapes } from '../../../src/catalog/learned/shape.ts'
import { shapeOf } from '../../../src/catalog/learned/shape-of.ts'
import { toSoftType } from '../../../src/catalog/learned/shape-type.ts'
import { type TypeNode } from '../../../src/catalog/stubs/type-node.ts'

/** What is learned of these results, as text. */
export function softTextOf(...results: readonly Json[]): string {
  return textOf(toSoftType(results.map(shapeOf).reduce(mergeShapes, EMPTY_SHAPE)).type)
}

/** A type in the plainest of forms, so that these tests do not hang on how stubs are printed. */
export function textOf(node: TypeNode): string {
  switch (node.kind) {
    case 'atom':
      return node.text
    case 'array':
      return `${node.item.kind === 'union' ? `(${textOf(node.item)})` : textOf(node.item)}[]`
    case 'union':
      return node.parts.map(textOf).join(' | ')
    case 'object': {
      const members = node.members.map(
        ({ name, optional, type }) => `${name}${optional ? '?' : ''}: ${textOf(type)}`,
      )
      const index = node.index === undefined ? [] : [`[*]: ${textOf(node.index)}`]
      return `{ ${[...members, ...index].join(', ')} }`
    }
    default:
      throw new Error(`a learned type has no ${node.kind}`)
  }
}
