import { type Helper, refsOf } from './type-helpers.ts'
import { arrayOf, intersectionOf, objectOf, tupleOf, type TypeNode, unionOf } from './type-node.ts'

/**
 * Writes tuples that hold a type of a circle as arrays. The compiler takes many tuples within circles and refuses others,
 * which depends on what it looks at first; arrays it always takes. Tuples of types that stand in no circle are kept.
 */
export function loosenTuples(helpers: ReadonlyMap<string, Helper>): Map<string, Helper> {
  const circular = circularNames(helpers)
  const result = new Map(helpers)
  for (const name of circular) {
    const node = helpers.get(name)?.node
    if (node !== undefined) result.set(name, { node: loosen(node, circular) })
  }
  return result
}

/** The names that lead into a circle: what is left when those that lead nowhere have been taken away. */
function circularNames(helpers: ReadonlyMap<string, Helper>): ReadonlySet<string> {
  const users = new Map<string, string[]>()
  const open = new Map<string, number>()
  for (const [name, { node }] of helpers) {
    const used = [...refsOf(node).keys()].filter((each) => helpers.has(each))
    open.set(name, used.length)
    for (const each of used) {
      const known = users.get(each)
      if (known === undefined) users.set(each, [name])
      else known.push(name)
    }
  }
  const left = new Set(helpers.keys())
  const pending = [...left].filter((name) => open.get(name) === 0)
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    left.delete(name)
    for (const user of users.get(name) ?? []) {
      const count = (open.get(user) ?? 0) - 1
      open.set(user, count)
      if (count === 0) pending.push(user)
    }
  }
  return left
}

function loosen(node: TypeNode, circular: ReadonlySet<string>): TypeNode {
  const inner = (part: TypeNode) => loosen(part, circular)
  switch (node.kind) {
    case 'array':
      return arrayOf(inner(node.item))
    case 'tuple': {
      const items = node.items.map(inner)
      const rest = node.rest === undefined ? [] : [inner(node.rest)]
      return [...refsOf(node).keys()].some((name) => circular.has(name))
        ? arrayOf(unionOf([...items, ...rest]))
        : tupleOf(items, node.required, rest[0])
    }
    case 'union':
      return unionOf(node.parts.map(inner))
    case 'intersection':
      return intersectionOf(node.parts.map(inner))
    case 'object':
      return objectOf(
        node.members.map((member) => ({ ...member, type: inner(member.type) })),
        node.index === undefined ? undefined : inner(node.index),
      )
    default:
      return node
  }
}
