import { resolve } from './compact-type.ts'
import { propertyKey } from './text.ts'
import type { Helper } from './type-helpers.ts'
import type { TypeNode } from './type-node.ts'

const MAX_DEPTH = 3

/**
 * The names of a type's members, with those of objects inside it: what a script needs before it can use a result, in a quarter of
 * what the types would take. In about `room` characters; what is left out is counted.
 */
export function nameTree(node: TypeNode, helpers: ReadonlyMap<string, Helper>, room: number): string {
  return print(node, helpers, { chars: room }, 0) ?? 'unknown'
}

/** @returns undefined for what has no members */
function print(
  type: TypeNode,
  helpers: ReadonlyMap<string, Helper>,
  room: { chars: number },
  depth: number,
): string | undefined {
  const node = resolve(type, helpers)
  if (node.kind === 'array') {
    const item = print(node.item, helpers, room, depth)
    return item === undefined ? undefined : `${item}[]`
  }
  if (node.kind === 'union') {
    const parts = node.parts.map((part) => print(part, helpers, room, depth))
    return parts.find((part) => part !== undefined)
  }
  if (node.kind !== 'object' || node.members.length === 0 || depth >= MAX_DEPTH) return undefined
  // All names of a level before those of the next: they are what is used most.
  const names: string[] = []
  for (const member of node.members) {
    const name = propertyKey(member.name)
    room.chars -= name.length + 2
    if (room.chars < 0 && names.length > 0) break
    names.push(name)
  }
  const parts = names.map((name, index) => {
    const member = node.members[index]
    const inner =
      member === undefined || room.chars <= 0 ? undefined : print(member.type, helpers, room, depth + 1)
    return inner === undefined ? name : `${name}: ${inner}`
  })
  const left = node.members.length - names.length
  return `{ ${[...parts, ...(left === 0 ? [] : [`…${left} more`])].join(', ')} }`
}
