import type { ToolSpec } from '../../core/tool.ts'
import type { Names } from '../names.ts'
import { estimateTokens } from '../tokens.ts'
import { compactArgs, hasNames } from './compact-args.ts'
import { compactMembers, compactType, resolve } from './compact-type.ts'
import { type ResultOptions, resultText } from './result-text.ts'
import { nameTree } from './name-tree.ts'
import type { SchemaType } from './schema-type.ts'
import { tellSentence } from './sentence.ts'
import { toolType } from './tool-type.ts'

/** How much a line tells: what a list has room for, or what whoever looks for the tool needs. */
export type SignatureDetail = 'brief' | 'full'

/** How a signature begins: callable as it stands, or without the path where a heading names the server. */
export type SignatureHead = 'path' | 'name'

/**
 * The aim of a line without its output. Path and required parameters are always there; the sentence has what they leave,
 * and the parameters that may be left out have what the sentence leaves.
 */
const LINE_TOKENS = 24
const SENTENCE_MIN_TOKENS = 5
const ARGS_TOKENS = 20
const OUTPUT_CHARS = 80
/** The same where a tool was asked for: names that are left out would cost a turn of the model. */
const FULL_ARGS_TOKENS = 60
const FULL_OUTPUT_CHARS = 360

/**
 * One line that a model can call from: path, parameters, output type, first sentence. Large types are
 * shortened to `object`, parameters that may be left out to their names or number; required ones are always there.
 */
export function printSignature(
  spec: ToolSpec,
  names: Names,
  head: SignatureHead = 'path',
  options: ResultOptions = {},
  detail: SignatureDetail = 'brief',
): string {
  const known = names.of(spec.ref)
  const path = (head === 'path' ? known?.path : known?.toolIdentifier) ?? ''
  const { args, isArgsOptional, result } = toolType(spec, false)
  const isFull = detail === 'full'
  const output = `Promise<${resultText(spec, result, options, isFull ? fullOutput : compactOutput)}>`
  const printArgs = args === undefined ? () => '' : argsPrinter(args, isArgsOptional)
  const least = printArgs(0)
  const left = LINE_TOKENS - estimateTokens(path)
  const sentence = tellSentence(
    spec.description ?? spec.title ?? '',
    `${path} ${least}`,
    Math.max(SENTENCE_MIN_TOKENS, left - estimateTokens(least)),
  )
  const parameters = printArgs(
    isFull ? FULL_ARGS_TOKENS : Math.min(ARGS_TOKENS, left - estimateTokens(sentence)),
  )
  return `${path}(${parameters}): ${output}${sentence === '' ? '' : ` // ${sentence}`}`
}

function argsPrinter(args: SchemaType, isOptional: boolean): (roomTokens: number) => string {
  const print = compactArgs(args)
  return hasNames(args) ? print : () => `args${isOptional ? '?' : ''}: ${print(0)}`
}

/** With types where they fit, else with the names of all members. */
function fullOutput(declared: SchemaType): string {
  const brief = compactOutput(declared)
  return /\bobject\b|…/.test(brief) ? nameTree(declared.type, declared.helpers, FULL_OUTPUT_CHARS) : brief
}

function compactOutput({ type, helpers }: SchemaType): string {
  const node = resolve(type, helpers)
  if (node.kind !== 'object' || node.members.length === 0) return compactType(node, helpers, OUTPUT_CHARS)
  const parts: string[] = []
  let room = OUTPUT_CHARS
  for (const part of compactMembers(node.members.slice(0, 20), helpers, 40)) {
    room -= part.length
    if (room < 0 && parts.length > 0) break
    parts.push(part)
  }
  const left = node.members.length - parts.length
  return `{ ${[...parts, ...(left === 0 ? [] : [`…${left} more`])].join(', ')} }`
}
