import { estimateTokens } from '../tokens.ts'
import { compactMembers, compactType, resolve } from './compact-type.ts'
import type { SchemaType } from './schema-type.ts'
import { propertyKey } from './text.ts'

const MAX_REQUIRED = 40
const MAX_OPTIONAL = 20
const TYPE_CHARS = 48
const WHOLE_CHARS = 80

/**
 * The parameters of a tool on one line, in as many tokens as there is room for. Required ones are always there, the first 40
 * at least; beyond `roomTokens` the others lose their types, then their names. Where a tool takes something else than named
 * parameters, its type.
 */
export function compactArgs(args: SchemaType): (roomTokens: number) => string {
  const { helpers } = args
  const type = resolve(args.type, helpers)
  if (type.kind !== 'object' || type.members.length === 0) {
    const text = compactType(type, helpers, WHOLE_CHARS)
    return () => text
  }
  const required = compactMembers(
    type.members.filter((member) => !member.optional).slice(0, MAX_REQUIRED),
    helpers,
    TYPE_CHARS,
  )
  const optional = type.members.filter((member) => member.optional).slice(0, MAX_OPTIONAL)
  const bare = optional.map((member) => `${propertyKey(member.name)}?`)
  const hidden = type.members.length - required.length - bare.length
  const print = (parts: readonly string[]) =>
    write([...required, ...parts], hidden + bare.length - parts.length)
  if (bare.length === 0) {
    const text = print([])
    return () => text
  }
  const least = bare.length === 1 ? print(bare) : print([])
  return (roomTokens) => {
    if (roomTokens <= 0) return least
    const typed = print(compactMembers(optional, helpers, TYPE_CHARS))
    if (estimateTokens(typed) <= roomTokens) return typed
    const named = print(bare)
    if (estimateTokens(named) <= roomTokens) return named
    let room = roomTokens - estimateTokens(print([]))
    const shown = bare.findIndex((name) => (room -= estimateTokens(`${name},`)) < 0)
    return shown > 0 ? print(bare.slice(0, shown)) : least
  }
}

/** Whether a line can name the parameters. */
export function hasNames({ type, helpers }: SchemaType): boolean {
  const node = resolve(type, helpers)
  return node.kind === 'object' && node.members.length > 0
}

function write(parts: readonly string[], more: number): string {
  return `{ ${[...parts, ...(more === 0 ? [] : [`…${more} more`])].join(', ')} }`
}
