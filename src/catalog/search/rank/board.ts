/**
 * A number for each document, most of them 0. Only what was touched is looked at and wiped, and nothing is allocated for a query: a
 * fresh array per clause of each query was most of its time at 50,000 tools.
 */
export interface Board {
  readonly values: Float64Array
  readonly add: (document: number, by: number) => void
  /** Raises a number to this one where it is less. */
  readonly raise: (document: number, to: number) => void
  /** The documents that have been written to, each once, in no order. Valid until the next write. */
  readonly touched: () => Uint32Array
  readonly wipe: () => void
}

/** Makes a board of zeros. Written numbers must be above 0. */
export function createBoard(size: number): Board {
  const values = new Float64Array(size)
  const touched = new Uint32Array(size)
  let count = 0
  return Object.freeze<Board>({
    values,
    add: (document, by) => {
      const known = values[document] ?? 0
      if (known === 0) touched[count++] = document
      values[document] = known + by
    },
    raise: (document, to) => {
      const known = values[document] ?? 0
      if (known === 0) touched[count++] = document
      if (to > known) values[document] = to
    },
    touched: () => touched.subarray(0, count),
    wipe: () => {
      for (let at = 0; at < count; at++) values[touched[at] ?? 0] = 0
      count = 0
    },
  })
}
