/**
 * Numbers for terms, shared by the segments of an index and handed on from one index to the next. It only grows; an index that
 * uses a small part of it begins a new one.
 */
export interface Dictionary {
  readonly size: () => number
  /** The number of a term, given to it now where it has none. */
  readonly number: (term: string) => number
  /** The number of a term, or nothing where no document has it. */
  readonly find: (term: string) => number | undefined
  /** Known terms that begin alike, the shortest first. Prefixes of less than three characters have none. */
  readonly beginningWith: (
    prefix: string,
    limit: number,
    isKnown: (number: number) => boolean,
  ) => readonly number[]
}

const STEM = 3

/** A bound for hostile catalogs: of so many terms that begin alike no more are looked at. */
const MAX_ALIKE = 2000

/** Makes an empty dictionary. */
export function createDictionary(): Dictionary {
  const numbers = new Map<string, number>()
  const terms: string[] = []
  const alike = new Map<string, number[]>()
  return Object.freeze<Dictionary>({
    size: () => terms.length,
    number: (term) => {
      let number = numbers.get(term)
      if (number !== undefined) return number
      numbers.set(term, (number = terms.push(term) - 1))
      const stem = term.slice(0, STEM)
      const others = alike.get(stem)
      if (others === undefined) alike.set(stem, [number])
      else if (others.length < MAX_ALIKE) others.push(number)
      return number
    },
    find: (term) => numbers.get(term),
    beginningWith: (prefix, limit, isKnown) => {
      if (prefix.length < STEM) return []
      const found = (alike.get(prefix.slice(0, STEM)) ?? []).flatMap((number) => {
        const term = terms[number] ?? ''
        return term.startsWith(prefix) && isKnown(number) ? [{ number, length: term.length }] : []
      })
      // The order of numbers depends on what was indexed before, so equal lengths are told apart by their letters.
      found.sort(
        (a, b) => a.length - b.length || ((terms[a.number] ?? '') < (terms[b.number] ?? '') ? -1 : 1),
      )
      return found.slice(0, limit).map(({ number }) => number)
    },
  })
}
