import type { SchemaType } from '../../../catalog/stubs/schema-type.ts'
import { propertyKey } from '../../../catalog/stubs/text.ts'
import type { TypeNode } from '../../../catalog/stubs/type-node.ts'

/** A type as a compiler reads it: named declarations, the first of which is the type itself. */
export interface TypeText {
  readonly text: string
  /** True where it was too large to be printed; then it is `any`. */
  readonly isCut: boolean
}

/** Larger types are not worth the time of a check. */
const MAX_CHARS = 60_000

/** Objects of a union that have more names together than this do not learn of each other's. */
const MAX_SHARED = 100

/**
 * Prints a type for the check, under a name that no other type has. Stubs are for a model to read; this is for finding what
 * would go wrong: `unknown` in a result is `any`, because what a server does not say is not wrong, and objects of a
 * union know each other's members, because JavaScript may look for any of them.
 */
export function printTypeText(name: string, { type, helpers }: SchemaType, use: 'args' | 'result'): TypeText {
  const names = new Map([...helpers.keys()].map((helper, index) => [helper, `${name}_${index}`]))
  let left = MAX_CHARS

  const print = (node: TypeNode): string => {
    if (left < 0) return 'any'
    const text = write(node)
    left -= node.kind === 'atom' || node.kind === 'ref' ? text.length : 4
    return text
  }
  const write = (node: TypeNode): string => {
    switch (node.kind) {
      case 'atom':
        return use === 'result' && node.text === 'unknown' ? 'any' : node.text
      case 'ref':
        return writeRef(node.name)
      case 'array':
        return `(${print(node.item)})[]`
      case 'tuple':
        // A list that a script makes is no tuple to the compiler.
        return `(${[...node.items, ...(node.rest === undefined ? [] : [node.rest])].map(print).join(' | ') || 'any'})[]`
      case 'union':
        return writeUnion(node.parts)
      case 'intersection':
        return node.parts.map((part) => `(${print(part)})`).join(' & ')
      default:
        return writeObject(node)
    }
  }
  const writeRef = (helper: string): string => {
    const target = helpers.get(helper)?.node
    if (target === undefined) return 'any'
    // Values that are written out show in a message, a name does not.
    return isLiteral(target) ? print(target) : (names.get(helper) ?? 'any')
  }
  const writeUnion = (parts: readonly TypeNode[]): string => {
    const members = parts.map((part) => (use === 'result' ? membersOf(part, helpers) : undefined))
    const all = new Set(members.flatMap((own) => [...(own ?? [])]))
    return parts
      .map((part, index) => {
        const own = members[index]
        const others =
          own === undefined || all.size > MAX_SHARED ? [] : [...all].filter((other) => !own.has(other))
        if (others.length === 0) return `(${print(part)})`
        for (const other of others) left -= other.length
        return `(${print(part)} & { ${others.map((other) => `${propertyKey(other)}?: any`).join('; ')} })`
      })
      .join(' | ')
  }
  const writeObject = (node: TypeNode & { readonly kind: 'object' }): string => {
    const parts = node.members.map((member) => {
      left -= member.name.length
      return `${propertyKey(member.name)}${member.optional ? '?' : ''}: ${print(member.type)}`
    })
    if (node.index !== undefined)
      parts.push(`[key: string]: ${parts.length > 0 || use === 'result' ? 'any' : print(node.index)}`)
    return parts.length === 0 ? '{}' : `{ ${parts.join('; ')} }`
  }

  const lines = [`type ${name} = ${print(type)}`]
  for (const [helper, helperName] of names) {
    const node = helpers.get(helper)?.node
    if (node !== undefined && !isLiteral(node)) lines.push(`type ${helperName} = ${print(node)}`)
  }
  return left < 0 ? { text: `type ${name} = any`, isCut: true } : { text: lines.join('\n'), isCut: false }
}

function isLiteral(node: TypeNode): boolean {
  return node.kind === 'atom' || (node.kind === 'union' && node.parts.every((part) => part.kind === 'atom'))
}

/** The names that an object or a reference to one has; undefined where it is neither. */
function membersOf(node: TypeNode, helpers: SchemaType['helpers']): ReadonlySet<string> | undefined {
  const target = node.kind === 'ref' ? helpers.get(node.name)?.node : node
  return target?.kind === 'object' ? new Set(target.members.map((member) => member.name)) : undefined
}
