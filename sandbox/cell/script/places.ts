const LINE_BREAK = /\r\n?|[\n\u2028\u2029]/g

/** Gives the place of an offset in a text, both from 1. Reads the text once, when it is first asked. */
export function createPlaces(text: string): (offset: number) => { line: number; column: number } {
  let starts: number[] | undefined
  return (offset) => {
    starts ??= [0, ...[...text.matchAll(LINE_BREAK)].map((found) => found.index + found[0].length)]
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}
