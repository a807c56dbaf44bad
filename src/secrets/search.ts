/** Where one of the wanted strings stands. */
export interface Hit {
  readonly at: number
  readonly length: number
}

/** Looks for many strings at once. */
export interface Search {
  /** The first one from `from` on, the longest of those that begin there; undefined where there is none. */
  readonly inText: (text: string, from: number) => Hit | undefined
  /** True where one of the strings, a character for each byte, stands in the bytes. */
  readonly inBytes: (bytes: Uint8Array) => boolean
}

/** Two characters are looked at together. */
const BLOCK = 2
const BLOCKS = 65_536
const MAX_SHIFT = 255

/**
 * Makes a search for all of the strings in one pass that does not look at most characters (Wu and Manber, 1994): two characters say how
 * far the next place is at which any of the strings could end. One pass of `indexOf` for each string, or a regular expression of all of them,
 * would cost more than reading the JSON.
 *
 * @param wanted Each of at least two characters.
 */
export function createSearch(wanted: readonly string[]): Search {
  const strings = wanted.toSorted((a, b) => b.length - a.length)
  const reach = Math.min(...strings.map((string) => string.length))
  const shifts = new Uint8Array(BLOCKS).fill(Math.min(MAX_SHIFT, reach - BLOCK + 1))
  /** By the block at which a string may end, seen from its first `reach` characters. */
  const candidates = new Map<number, string[]>()
  for (const string of strings) {
    for (let index = 0; index + BLOCK <= reach; index++) {
      const block = blockOf(string.charCodeAt(index), string.charCodeAt(index + 1))
      const shift = Math.min(MAX_SHIFT, reach - BLOCK - index)
      if (shift < (shifts[block] ?? 0)) shifts[block] = shift
      if (shift > 0) continue
      const others = candidates.get(block)
      if (others === undefined) candidates.set(block, [string])
      else others.push(string)
    }
  }
  const begin = reach - BLOCK

  return {
    inText(text, from) {
      const last = text.length - BLOCK
      let index = from + begin
      while (index <= last) {
        const block = blockOf(text.charCodeAt(index), text.charCodeAt(index + 1))
        const shift = shifts[block] ?? 1
        if (shift > 0) {
          index += shift
          continue
        }
        const at = index - begin
        for (const string of candidates.get(block) ?? [])
          if (text.startsWith(string, at)) return { at, length: string.length }
        index += 1
      }
      return undefined
    },

    inBytes(bytes) {
      const last = bytes.length - BLOCK
      let index = begin
      while (index <= last) {
        const block = blockOf(bytes[index] ?? 0, bytes[index + 1] ?? 0)
        const shift = shifts[block] ?? 1
        if (shift > 0) {
          index += shift
          continue
        }
        for (const string of candidates.get(block) ?? []) if (isAt(bytes, index - begin, string)) return true
        index += 1
      }
      return false
    },
  }
}

/** Of a character above 255 only the low bits count: that finds candidates that are none, and misses none. */
function blockOf(first: number, second: number): number {
  return ((first & 255) << 8) | (second & 255)
}

function isAt(bytes: Uint8Array, at: number, string: string): boolean {
  for (let index = 0; index < string.length; index++)
    if (bytes[at + index] !== string.charCodeAt(index)) return false
  return true
}
