import { unionSign } from './print-type.ts'
import { propertyKey } from './text.ts'
import type { Helper } from './type-helpers.ts'
import type { Member, TypeNode } from './type-node.ts'

type Helpers = ReadonlyMap<string, Helper>

/** Deeper than this, a reader of one line has lost the thread; it also ends recursion. */
const MAX_DEPTH = 4

/** A type on one line in at most about `room` characters; what does not fit becomes `object`, `string` and so on. */
export function compactType(node: TypeNode, helpers: Helpers, room: number, depth = 0): string {
  switch (node.kind) {
    case 'atom':
      return node.text.length <= room ? node.text : node.base
    case 'ref': {
      const target = helpers.get(node.name)?.node
      return target === undefined || depth >= MAX_DEPTH
        ? 'object'
        : compactType(target, helpers, room, depth + 1)
    }
    case 'array': {
      const item = compactType(node.item, helpers, room - 2, depth + 1)
      return resolve(node.item, helpers).kind === 'union' && item.includes('|') ? `(${item})[]` : `${item}[]`
    }
    case 'tuple': {
      const items = node.items.map((item) => compactType(item, helpers, room, depth + 1))
      const text = `[${items.join(', ')}]`
      return text.length <= room ? text : 'unknown[]'
    }
    case 'union':
      return compactUnion(node.parts, helpers, room, depth)
    case 'intersection':
      return 'object'
    default: {
      if (node.members.length === 0) {
        const text =
          node.index === undefined ? 'object' : compactType(node.index, helpers, room - 16, depth + 1)
        return text === 'object' || text === 'unknown' || depth >= MAX_DEPTH
          ? 'object'
          : `Record<string, ${text}>`
      }
      if (depth >= MAX_DEPTH || node.members.length * 8 > room) return 'object'
      const text = `{ ${compactMembers(node.members, helpers, room, depth + 1).join(', ')} }`
      return text.length <= room ? text : 'object'
    }
  }
}

/** What a reference stands for. A chain of many is as good as none. */
export function resolve(node: TypeNode, helpers: Helpers): TypeNode {
  let target = node
  for (let i = 0; i < 8 && target.kind === 'ref'; i++) target = helpers.get(target.name)?.node ?? target
  return target
}

/** Properties on one line, each with at most `room` characters for its type. */
export function compactMembers(
  members: readonly Member[],
  helpers: Helpers,
  room: number,
  depth = 0,
): string[] {
  return members.map(
    (member) =>
      `${propertyKey(member.name)}${member.optional ? '?' : ''}: ${compactType(member.type, helpers, room, depth + 1)}`,
  )
}

/** As many parts as there is room for, and an ellipsis: the first values of a long enum still show its style. */
function compactUnion(parts: readonly TypeNode[], helpers: Helpers, room: number, depth: number): string {
  const sign = unionSign(parts)
  const texts: string[] = []
  let left = room
  for (const part of parts.slice(0, 24)) {
    const text = compactType(part, helpers, room, depth + 1)
    if (texts.includes(text)) continue
    left -= text.length + sign.length
    if (left < 0 && texts.length > 0) return `${texts.join(sign)}${sign}…`
    texts.push(text)
  }
  return texts.join(sign)
}
