import { intersectionOf, type TypeNode, UNKNOWN, unionOf } from './type-node.ts'

/** A named type of a schema. */
export interface Helper {
  readonly node: TypeNode
}

/**
 * Cuts references of a type to itself that no object, array or tuple stands between: `type A = A & B` does not compile, and
 * a hostile `allOf` writes exactly that.
 */
export function cutCircles(helpers: ReadonlyMap<string, Helper>): Map<string, Helper> {
  const result = new Map(helpers)
  const state = new Map<string, 'open' | 'done'>()
  // Depth is bounded by the depth of the conversion: each helper was made inside the one that refers to it.
  const visit = (name: string): void => {
    const node = result.get(name)?.node
    if (node === undefined || state.has(name)) return
    state.set(name, 'open')
    result.set(name, { node: cut(node) })
    state.set(name, 'done')
  }
  const cut = (node: TypeNode): TypeNode => {
    if (node.kind === 'ref') {
      visit(node.name)
      const target = state.get(node.name) === 'open' ? undefined : result.get(node.name)
      return target === undefined || target.node.key === UNKNOWN.key ? UNKNOWN : node
    }
    if (node.kind !== 'union' && node.kind !== 'intersection') return node
    const parts = node.parts.map(cut)
    return node.kind === 'union' ? unionOf(parts) : intersectionOf(parts)
  }
  for (const name of helpers.keys()) visit(name)
  return result
}

/** The names that a type refers to, with how often; `seen` is added to. */
function countRefs(node: TypeNode, seen: Map<string, number>): void {
  switch (node.kind) {
    case 'atom':
      return
    case 'ref':
      seen.set(node.name, (seen.get(node.name) ?? 0) + 1)
      return
    case 'array':
      return countRefs(node.item, seen)
    case 'tuple':
      for (const item of node.items) countRefs(item, seen)
      if (node.rest !== undefined) countRefs(node.rest, seen)
      return
    case 'object':
      for (const member of node.members) countRefs(member.type, seen)
      if (node.index !== undefined) countRefs(node.index, seen)
      return
    default:
      for (const part of node.parts) countRefs(part, seen)
  }
}

/**
 * The helpers that are worth a name: those used twice or within themselves, unless they are only a word. The others are
 * written where they are used.
 */
export function namedHelpers(type: TypeNode, helpers: ReadonlyMap<string, Helper>): ReadonlySet<string> {
  const uses = new Map<string, number>()
  countRefs(type, uses)
  const inside = new Map([...helpers].map(([name, helper]) => [name, refsOf(helper.node)]))
  const reached = reach([...uses.keys()], inside)
  for (const name of reached)
    for (const [used, times] of inside.get(name) ?? []) uses.set(used, (uses.get(used) ?? 0) + times)
  const named = new Set<string>()
  for (const name of reached) {
    const node = helpers.get(name)?.node
    if (node === undefined || isWord(node)) continue
    if ((uses.get(name) ?? 0) > 1 || reach([...(inside.get(name)?.keys() ?? [])], inside).has(name))
      named.add(name)
  }
  return named
}

export function refsOf(node: TypeNode): ReadonlyMap<string, number> {
  const refs = new Map<string, number>()
  countRefs(node, refs)
  return refs
}

function reach(
  from: readonly string[],
  inside: ReadonlyMap<string, ReadonlyMap<string, number>>,
): Set<string> {
  const reached = new Set<string>()
  const pending = [...from]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (reached.has(name)) continue
    reached.add(name)
    pending.push(...(inside.get(name)?.keys() ?? []))
  }
  return reached
}

function isWord(node: TypeNode): boolean {
  return node.kind === 'atom' || (node.kind === 'array' && node.item.kind === 'atom')
}
