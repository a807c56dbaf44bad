import type { CallPlace } from './lineage.ts'
import { primordials } from './primordials.ts'

/** The name under which the cell compiles a script, as it stands in stacks. */
const SCRIPT_MARK = 'script.ts:'

const NOWHERE: CallPlace = primordials.freeze({ line: 0, column: 0, isWritten: false })

/** Where the script stands, read off a stack; nowhere where the script has changed how stacks look. */
export function callerPlace(): CallPlace {
  const stack: unknown = new primordials.Error().stack
  if (typeof stack !== 'string') return NOWHERE
  const from = primordials.indexOf(stack, SCRIPT_MARK)
  if (from < 0) return NOWHERE
  const line = numberAt(stack, from + SCRIPT_MARK.length)
  const colon = primordials.indexOf(stack, ':', from + SCRIPT_MARK.length)
  return { line, column: colon < 0 ? 0 : numberAt(stack, colon + 1), isWritten: false }
}

/** The text of a place, as it stands in stacks; sandbox/cell/failure.ts reads it. */
export function placeText({ line, column, isWritten }: CallPlace): string {
  return line === 0 ? '' : `${SCRIPT_MARK}${line}:${column}${isWritten ? ', as written' : ''}`
}

/** A number of at most seven digits: a script that makes its own stacks may write more. */
function numberAt(text: string, from: number): number {
  let number = 0
  for (let index = from; index < text.length && index < from + 7; index++) {
    const digit = primordials.charCodeAt(text, index) - 48
    if (digit < 0 || digit > 9) break
    number = number * 10 + digit
  }
  return number
}
