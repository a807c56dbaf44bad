import type { WireFailure, WireFailureKind } from '../wire.ts'
import { ScriptSyntaxError } from './prepare.ts'

/** The name of the script in stacks; sandbox/guest/calls.ts looks for it too. */
export const SCRIPT_NAME = 'script.ts'

const FRAME = new RegExp(`${SCRIPT_NAME.replace('.', '\\.')}:(\\d+):(\\d+)`)

const MAX_EXCERPT_CHARS = 200

/** A place of the script as it was submitted, from 1. */
export interface Place {
  readonly line?: number
  readonly column?: number
}

/** Describes a failure, with the line of the script where one is known. */
export function toFailure(kind: WireFailureKind, message: string, place: Place, code: string): WireFailure {
  const line = place.line === undefined ? undefined : code.split('\n')[place.line - 1]
  const excerpt = line?.trim().slice(0, MAX_EXCERPT_CHARS) ?? ''
  return { kind, message, ...place, ...(excerpt === '' ? {} : { excerpt }) }
}

/** The first place of the script in a stack. */
export function placeIn(stack: string): Place {
  const frame = FRAME.exec(stack)
  return frame === null ? {} : { line: Number(frame[1]), column: Number(frame[2]) }
}

/** What is wrong with a script that could not be compiled. */
export function toSyntaxProblem(error: unknown): { readonly message: string; readonly place: Place } {
  if (error instanceof ScriptSyntaxError) {
    const { message, line, column } = error
    return {
      message,
      place: { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
    }
  }
  // The engine refuses what the parser let through: it writes the place at the end, as [script.ts:3:7].
  const message = error instanceof Error ? error.message : 'The script cannot be compiled.'
  return { message: message.replace(/\s*\[.*\]$/, ''), place: placeIn(message) }
}
