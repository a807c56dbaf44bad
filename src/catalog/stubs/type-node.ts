import { createHash } from 'node:crypto'

/**
 * A TypeScript type as a tree. `key` is equal for equal types, so that unions can drop what they hold twice.
 * The tree is made only by the functions of this file.
 */
export type TypeNode = (
  | { readonly kind: 'atom'; readonly text: string; readonly base: string }
  | { readonly kind: 'array'; readonly item: TypeNode }
  | {
      readonly kind: 'tuple'
      readonly items: readonly TypeNode[]
      readonly required: number
      readonly rest?: TypeNode
    }
  | { readonly kind: 'object'; readonly members: readonly Member[]; readonly index?: TypeNode }
  | { readonly kind: 'union'; readonly parts: readonly TypeNode[] }
  | { readonly kind: 'intersection'; readonly parts: readonly TypeNode[] }
  | { readonly kind: 'ref'; readonly name: string }
) & { readonly key: string }

/** A property of an object type. */
export interface Member {
  readonly name: string
  readonly optional: boolean
  readonly type: TypeNode
  /** Description and notes, as the schema has them: not yet safe for a comment. */
  readonly doc: string
}

/** A keyword. */
export function atom(text: string): TypeNode {
  return { kind: 'atom', text, base: text, key: text }
}

/** A literal of the type `base`. */
export function literal(text: string, base: string): TypeNode {
  return { kind: 'atom', text, base, key: shorten(text) }
}

export const UNKNOWN: TypeNode = Object.freeze(atom('unknown'))
export const NEVER: TypeNode = Object.freeze(atom('never'))

export function arrayOf(item: TypeNode): TypeNode {
  return { kind: 'array', item, key: shorten(`[${item.key}]`) }
}

/** A tuple of which the first `required` items must be there. */
export function tupleOf(items: readonly TypeNode[], required: number, rest: TypeNode | undefined): TypeNode {
  const key = shorten(`(${items.map((item) => item.key).join(',')};${required};${rest?.key ?? ''})`)
  return { kind: 'tuple', items, required, ...(rest === undefined ? {} : { rest }), key }
}

export function objectOf(members: readonly Member[], index: TypeNode | undefined): TypeNode {
  const inner = members.map(
    (member) => `${JSON.stringify(member.name)}${member.optional ? '?' : ''}:${member.type.key}`,
  )
  const key = shorten(`{${inner.join(',')};${index?.key ?? ''}}`)
  return { kind: 'object', members, ...(index === undefined ? {} : { index }), key }
}

/** A reference to a helper type. */
export function refTo(name: string): TypeNode {
  return { kind: 'ref', name, key: `#${name}` }
}

/** A union without doubles: `unknown` takes all, a keyword takes its literals. */
export function unionOf(parts: readonly TypeNode[]): TypeNode {
  const flat = parts.flatMap((part) => (part.kind === 'union' ? part.parts : [part]))
  if (flat.some((part) => part.key === 'unknown')) return UNKNOWN
  const keys = new Set(flat.map((part) => part.key))
  if (keys.has('true') && keys.has('false')) keys.add('boolean')
  const kept = new Map<string, TypeNode>()
  for (const part of flat) {
    if (part.key === 'never') continue
    const node = part.kind === 'atom' && keys.has(part.base) ? atom(part.base) : part
    kept.set(node.key, node)
  }
  const [first, ...others] = [...kept.values()]
  if (first === undefined) return NEVER
  if (others.length === 0) return first
  return { kind: 'union', parts: [first, ...others], key: shorten(`|${[...kept.keys()].sort().join('|')}`) }
}

/** An intersection without doubles; objects become one object. */
export function intersectionOf(parts: readonly TypeNode[]): TypeNode {
  const flat = parts.flatMap((part) => (part.kind === 'intersection' ? part.parts : [part]))
  if (flat.some((part) => part.key === 'never')) return NEVER
  const kept = new Map<string, TypeNode>()
  for (const part of flat) if (part.key !== 'unknown') kept.set(part.key, part)
  const bases = new Set([...kept.values()].map((part) => part.key))
  const narrow = [...kept.values()].filter((part) => !isImplied(part, kept, bases))
  const objects = narrow.filter((part) => part.kind === 'object')
  const rest = narrow.filter((part) => part.kind !== 'object')
  const [first, ...others] = objects.length > 1 ? [mergeObjects(objects), ...rest] : narrow
  if (first === undefined) return UNKNOWN
  if (others.length === 0) return first
  const all = [first, ...others]
  return { kind: 'intersection', parts: all, key: shorten(`&${all.map((part) => part.key).join('&')}`) }
}

/** A keyword beside one of its literals, or a union of keywords beside one of them, says nothing more. */
function isImplied(part: TypeNode, kept: ReadonlyMap<string, TypeNode>, keys: ReadonlySet<string>): boolean {
  if (part.kind === 'union')
    return part.parts.some((option) => option.kind === 'atom' && keys.has(option.key))
  if (part.kind !== 'atom' || part.text !== part.base) return false
  for (const other of kept.values()) {
    if (other === part) continue
    if (other.kind === 'atom' && other.base === part.base && other.key !== part.key) return true
    if (
      other.kind === 'union' &&
      other.parts.every(
        (option) => option.kind === 'atom' && option.base === part.base && option.key !== part.key,
      )
    )
      return true
  }
  return false
}

function mergeObjects(objects: readonly (TypeNode & { readonly kind: 'object' })[]): TypeNode {
  const grouped = Map.groupBy(
    objects.flatMap((object) => object.members),
    (member) => member.name,
  )
  const members = [...grouped].map(([name, same]) => ({
    name,
    optional: same.every((member) => member.optional),
    type: intersectionOf(same.map((member) => member.type)),
    doc: same.find((member) => member.doc !== '')?.doc ?? '',
  }))
  const indexes = objects.flatMap((object) => object.index ?? [])
  // The index must fit the members of the other objects as well; where all have one it is the widest.
  return objectOf(members, indexes.length === objects.length ? UNKNOWN : undefined)
}

/** Keys grow with the type; beyond this they are replaced by a digest, so that their sum stays linear. */
function shorten(key: string): string {
  return key.length <= 200 ? key : `~${createHash('sha256').update(key).digest('base64')}`
}
