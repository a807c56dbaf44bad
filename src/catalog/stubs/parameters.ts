import type { ToolSpec } from '../../core/tool.ts'
import { estimateTokens } from '../tokens.ts'
import { compactArgs } from './compact-args.ts'
import { resolve } from './compact-type.ts'
import { propertyKey } from './text.ts'
import { toolType } from './tool-type.ts'

/** What an error may spend on the parameters that would have been right. */
const ERROR_TOKENS = 60
const TYPED_TOKENS = 40

/**
 * The parameters of a tool on one line, for an error: `{ path: string, tail?: number }`, at most about 60 tokens. Where the
 * required ones are too many for that, their names, and of these the first.
 */
export function printParameters(spec: ToolSpec): string {
  const { args } = toolType(spec, false)
  if (args === undefined) return '{}'
  const text = compactArgs(args)(TYPED_TOKENS)
  const type = resolve(args.type, args.helpers)
  if (estimateTokens(text) <= ERROR_TOKENS || type.kind !== 'object') return text
  const shown: string[] = []
  let left = ERROR_TOKENS - 6
  for (const member of type.members.filter(({ optional }) => !optional)) {
    const key = propertyKey(member.name)
    left -= estimateTokens(`${key},`)
    if (left < 0) break
    shown.push(key)
  }
  return `{ ${[...shown, `…${type.members.length - shown.length} more`].join(', ')} }`
}
