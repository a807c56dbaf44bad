/** Text that is put into a script, on the line where it stands. Never has a line break. */
export interface Insertion {
  /** Offset in the script. */
  readonly at: number
  readonly text: string
}

/** Insertions that stand around parts of a script: at one offset what closes comes before what opens. */
export interface Wraps {
  /** Outer ones first. */
  readonly openings: Insertion[]
  /** Inner ones first. */
  readonly closings: Insertion[]
}

/** The order in which they stand in the result. */
export function orderInsertions({ openings, closings }: Wraps): Insertion[] {
  return [...closings, ...openings].sort((a, b) => a.at - b.at)
}

/** Puts them in. */
export function insertInto(text: string, insertions: readonly Insertion[]): string {
  const pieces: string[] = []
  let from = 0
  for (const { at, text: piece } of insertions) {
    pieces.push(text.slice(from, at), piece)
    from = at
  }
  pieces.push(text.slice(from))
  return pieces.join('')
}

/** The column before the insertions of a column after them; both from 1. */
export function columnBefore(
  text: string,
  insertions: readonly Insertion[],
  line: number,
  column: number,
): number {
  let start = 0
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf('\n', start)
    if (end < 0) return column
    start = end + 1
  }
  const end = text.indexOf('\n', start)
  let shift = 0
  for (const { at, text: piece } of insertions) {
    if (at < start) continue
    if (end >= 0 && at > end) break
    const from = at - start + 1 + shift
    if (column < from) break
    if (column < from + piece.length) return at - start + 1
    shift += piece.length
  }
  return column - shift
}
