import type { CheckProblem } from './check.ts'

const MAX_PROBLEMS = 10

/** A problem whose text is not made yet: finding the nearest name takes a moment, and most are never shown. */
export interface Draft {
  readonly severity: CheckProblem['severity']
  readonly offset: number
  /** Gives nothing where it is no problem after all. */
  readonly word: () => string | undefined
}

interface Place {
  readonly line: number
  readonly column: number
}

/** Line and column of an offset, both from 1. */
function placeOf(code: string, offset: number): Place {
  const before = code.slice(0, offset)
  const lineStart = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - lineStart + 1 }
}

/** By place, each once, and not more than a model will read. A hint never takes the place of an error. */
export function toProblems(drafts: readonly Draft[], code: string): CheckProblem[] {
  const ordered = [...drafts].sort((a, b) => rank(a) - rank(b) || a.offset - b.offset)
  const problems = new Map<string, CheckProblem & Place>()
  let next = 0
  for (; next < ordered.length && problems.size < MAX_PROBLEMS; next++) {
    const draft = ordered[next] as Draft
    const text = draft.word()
    if (text === undefined) continue
    const place = placeOf(code, draft.offset)
    const key = `${place.line} ${text}`
    if (!problems.has(key)) problems.set(key, { severity: draft.severity, ...place, text })
  }
  const shown = [...problems.values()].sort((a, b) => a.line - b.line || a.column - b.column)
  const last = shown.at(-1)
  const more = ordered.length - next
  if (last === undefined || more === 0) return shown
  return [...shown, { severity: last.severity, line: last.line, text: `… and ${more} more.` }]
}

function rank({ severity }: Draft): number {
  return severity === 'error' ? 0 : 1
}
