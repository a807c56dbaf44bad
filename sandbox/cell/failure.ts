import type { WireFailure, WireFailureKind } from '../wire.ts'

/** The name of the script in stacks; sandbox/guest/calls.ts looks for it too. */
export const SCRIPT_NAME = 'script.ts'

const FRAME = new RegExp(`${SCRIPT_NAME.replace('.', '\\.')}:(\\d+):(\\d+)(, as written)?`)

const MAX_EXCERPT_CHARS = 200

/** A place of the script as it was submitted, from 1. */
export interface Place {
  readonly line?: number | undefined
  readonly column?: number | undefined
}

/** Describes a failure, with the line of the script where one is known. */
export function toFailure(kind: WireFailureKind, message: string, place: Place, code: string): WireFailure {
  const line = place.line === undefined ? undefined : code.split('\n')[place.line - 1]
  const excerpt = line?.trim().slice(0, MAX_EXCERPT_CHARS) ?? ''
  const { line: at, column } = place
  return {
    kind,
    message,
    ...(at === undefined ? {} : { line: at }),
    ...(column === undefined ? {} : { column }),
    ...(excerpt === '' ? {} : { excerpt }),
  }
}

/**
 * The first place of the script in a stack.
 *
 * @param columnOf the column before anything was inserted; the places of calls are written so already
 */
export function placeIn(stack: string, columnOf: (line: number, column: number) => number): Place {
  const frame = FRAME.exec(stack)
  if (frame === null) return {}
  const [line, column] = [Number(frame[1]), Number(frame[2])]
  return { line, column: frame[3] === undefined ? columnOf(line, column) : column }
}
