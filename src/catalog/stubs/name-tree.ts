import { resolve } from './compact-type.ts'
import { propertyKey } from './text.ts'
import type { Helper } from './type-helpers.ts'
import type { TypeNode } from './type-node.ts'

const MAX_DEPTH = 3

type Helpers = ReadonlyMap<string, Helper>

/**
 * The names of a type's members, with those of objects inside it: what a script needs before it can use a result, in a quarter of
 * what the types would take. Types of simple members are left out; what may be missing has its `?`, and what may be something else than an object (`| null`, `| …`)
 * says so. In about `room` characters; what is left out is counted.
 */
export function nameTree(node: TypeNode, helpers: Helpers, room: number): string {
  return print(node, helpers, { chars: room }, 0) ?? 'unknown'
}

/** @returns undefined for what has no members */
function print(type: TypeNode, helpers: Helpers, room: { chars: number }, depth: number): string | undefined {
  const node = resolve(type, helpers)
  switch (node.kind) {
    case 'array': {
      const item = print(node.item, helpers, room, depth)
      if (item === undefined) return '[]'
      return resolve(node.item, helpers).kind === 'union' && item.includes(' | ')
        ? `(${item})[]`
        : `${item}[]`
    }
    case 'union':
      return printUnion(node.parts, helpers, room, depth)
    case 'object':
      return printObject(node, helpers, room, depth)
    default:
      return undefined
  }
}

/** What one branch has, another may not have. */
function printUnion(
  parts: readonly TypeNode[],
  helpers: Helpers,
  room: { chars: number },
  depth: number,
): string | undefined {
  const printed = parts.map((part) => print(part, helpers, room, depth))
  const shown = [...new Set(printed.filter((text) => text !== undefined))]
  if (shown.length === 0) return undefined
  const others = parts.filter((_, index) => printed[index] === undefined)
  const isNull = (part: TypeNode): boolean => part.kind === 'atom' && part.text === 'null'
  const rest = [...(others.some(isNull) ? ['null'] : []), ...(others.every(isNull) ? [] : ['…'])]
  return [...shown, ...rest].join(' | ')
}

function printObject(
  node: Extract<TypeNode, { kind: 'object' }>,
  helpers: Helpers,
  room: { chars: number },
  depth: number,
): string | undefined {
  if (depth >= MAX_DEPTH) return undefined
  if (node.members.length === 0) {
    const value = node.index === undefined ? undefined : print(node.index, helpers, room, depth + 1)
    return value === undefined ? undefined : `Record<string, ${value}>`
  }
  // All names of a level before those of the next: they are what is used most.
  const names: string[] = []
  for (const { name, optional } of node.members) {
    const text = `${propertyKey(name)}${optional ? '?' : ''}`
    room.chars -= text.length + 2
    if (room.chars < 0 && names.length > 0) break
    names.push(text)
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
