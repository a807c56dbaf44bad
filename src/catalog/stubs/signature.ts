import type { ToolSpec } from '../../core/tool.ts'
import type { Names } from '../names.ts'
import { estimateTokens } from '../tokens.ts'
import { compactMembers, compactType } from './compact-type.ts'
import type { SchemaType } from './schema-type.ts'
import { firstSentence, propertyKey } from './text.ts'
import { toolType } from './tool-type.ts'

/** How a signature begins: callable as it stands, or without the path where a heading names the server. */
export type SignatureHead = 'path' | 'name'

/** Beyond this many tokens of parameters, those that may be left out lose their types, then their names. */
const TARGET_TOKENS = 20
const SENTENCE_CHARS = 60
const OUTPUT_CHARS = 80

/**
 * One line that a model can call from: path, parameters, output type, first sentence. Large types are
 * shortened to `object`, parameters that may be left out to their names or number; required ones are always there.
 */
export function printSignature(spec: ToolSpec, names: Names, head: SignatureHead = 'path'): string {
  const known = names.of(spec.ref)
  const path = (head === 'path' ? known?.path : known?.toolIdentifier) ?? ''
  const { args, isArgsOptional, result } = toolType(spec)
  const parameters = args === undefined ? '' : compactArgs(args, isArgsOptional)
  const output = result === undefined ? 'unknown' : compactOutput(result)
  const sentence = firstSentence(spec.description ?? spec.title ?? '', SENTENCE_CHARS)
  return `${path}(${parameters}): Promise<${output}>${sentence === '' ? '' : ` // ${sentence}`}`
}

function compactArgs(args: SchemaType, isOptional: boolean): string {
  const type = resolve(args)
  if (type.kind !== 'object' || type.members.length === 0) {
    return `args${isOptional ? '?' : ''}: ${compactType(type, args.helpers, OUTPUT_CHARS)}`
  }
  const required = compactMembers(
    type.members.filter((member) => !member.optional).slice(0, 40),
    args.helpers,
    48,
  )
  const optional = type.members.filter((member) => member.optional)
  const typed = compactMembers(optional.slice(0, 20), args.helpers, 48)
  const bare = optional.slice(0, 20).map((member) => `${propertyKey(member.name)}?`)
  const hidden = type.members.length - required.length - typed.length
  for (const form of [typed, bare]) {
    const text = write([...required, ...form], hidden)
    if (estimateTokens(text) <= TARGET_TOKENS) return text
  }
  for (let shown = bare.length - 2; shown > 0; shown--) {
    const text = write([...required, ...bare.slice(0, shown)], hidden + bare.length - shown)
    if (estimateTokens(text) <= TARGET_TOKENS) return text
  }
  return bare.length === 1 ? write([...required, ...bare], hidden) : write(required, hidden + bare.length)
}

function write(parts: readonly string[], more: number): string {
  return `{ ${[...parts, ...(more === 0 ? [] : [`…${more} more?`])].join(', ')} }`
}

function compactOutput(result: SchemaType): string {
  const type = resolve(result)
  if (type.kind !== 'object' || type.members.length === 0)
    return compactType(type, result.helpers, OUTPUT_CHARS)
  const parts: string[] = []
  let room = OUTPUT_CHARS
  for (const part of compactMembers(type.members.slice(0, 20), result.helpers, 40)) {
    room -= part.length
    if (room < 0 && parts.length > 0) break
    parts.push(part)
  }
  const left = type.members.length - parts.length
  return `{ ${[...parts, ...(left === 0 ? [] : [`…${left} more`])].join(', ')} }`
}

function resolve({ type, helpers }: SchemaType): SchemaType['type'] {
  let node = type
  for (let i = 0; i < 8 && node.kind === 'ref'; i++) node = helpers.get(node.name)?.node ?? node
  return node
}
