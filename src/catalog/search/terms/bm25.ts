import type { Dictionary } from './dictionary.ts'
import { FIELDS } from '../text/document.ts'
import { isInName, type Segment } from './segment.ts'

/**
 * A BM25F index over the documents of several segments, numbered through. The documents of a term stand together: from
 * `starts[term]` up to `starts[term + 1]`.
 */
export interface Bm25 {
  /** How many documents there are. */
  readonly size: number
  readonly starts: Uint32Array
  readonly documents: Uint32Array
  /** How much the term weighs in the document, saturated. */
  readonly weights: Float32Array
  /** 1 where the term is a word of the tool's name. */
  readonly named: Uint8Array
  /** How rare a term is: what it is worth. */
  readonly rarity: Float32Array
  /** For each document, what the words of its name are worth together. */
  readonly nameWorth: Float32Array
  /** How many terms occur at all. */
  readonly terms: number
}

const K1 = 1.2

/**
 * Puts segments together. BM25F: occurrences of a term are weighted by field and length before they are saturated, so that a word in
 * many fields is not counted as many words. Time is linear in the entries of all segments; no text is read.
 * Source: Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009, section 3.6.
 */
export function createBm25(segments: readonly Segment[], dictionary: Dictionary): Bm25 {
  const numbered = segments.map((segment) => segment.termsIn(dictionary))
  const starts = countTerms(numbered, dictionary.size())
  const size = segments.reduce((sum, { specs }) => sum + specs.length, 0)
  const entries = starts.at(-1) ?? 0
  const documents = new Uint32Array(entries)
  const weights = new Float32Array(entries)
  const named = new Uint8Array(entries)
  const next = starts.slice()
  const width = FIELDS.length
  const averages = averageLengths(segments, size)
  let first = 0
  for (const [at, segment] of segments.entries()) {
    const terms = numbered[at] ?? new Uint32Array()
    const shares = sharesOf(segment, averages)
    for (let entry = 0; entry < terms.length; entry++) {
      const term = terms[entry] ?? 0
      const own = segment.documents[entry] ?? 0
      let frequency = 0
      for (let field = 0; field < width; field++)
        frequency += (segment.counts[entry * width + field] ?? 0) * (shares[own * width + field] ?? 0)
      const place = next[term] ?? 0
      next[term] = place + 1
      documents[place] = first + own
      weights[place] = (frequency * (K1 + 1)) / (frequency + K1)
      named[place] = isInName(segment, entry) ? 1 : 0
    }
    first += segment.specs.length
  }
  const rarity = rarities(starts, size)
  let terms = 0
  const nameWorth = new Float32Array(size)
  for (let term = 0; term + 1 < starts.length; term++) {
    const end = starts[term + 1] ?? 0
    if (end > (starts[term] ?? 0)) terms++
    for (let at = starts[term] ?? 0; at < end; at++)
      if (named[at] === 1) increase(nameWorth, documents[at] ?? 0, rarity[term] ?? 0)
  }
  return Object.freeze<Bm25>({ size, starts, documents, weights, named, rarity, nameWorth, terms })
}

/** Where the documents of each term begin. */
function countTerms(numbered: readonly Uint32Array[], size: number): Uint32Array {
  const starts = new Uint32Array(size + 1)
  for (const terms of numbered) for (const term of terms) increase(starts, term + 1, 1)
  for (let term = 0; term < size; term++) increase(starts, term + 1, starts[term] ?? 0)
  return starts
}

function averageLengths(segments: readonly Segment[], size: number): number[] {
  const width = FIELDS.length
  const totals = FIELDS.map(() => 0)
  for (const { lengths } of segments)
    for (let at = 0; at < lengths.length; at++) increase(totals, at % width, lengths[at] ?? 0)
  return totals.map((total) => Math.max(total / Math.max(size, 1), 1e-9))
}

/** What one occurrence counts in each field of each document. */
function sharesOf({ lengths }: Segment, averages: readonly number[]): Float64Array {
  const width = FIELDS.length
  const shares = new Float64Array(lengths.length)
  for (let at = 0; at < lengths.length; at++) {
    const { weight, lengthPenalty } = FIELDS[at % width] ?? { weight: 0, lengthPenalty: 0 }
    const length = (lengths[at] ?? 0) / (averages[at % width] ?? 1)
    shares[at] = weight / (1 - lengthPenalty + lengthPenalty * length)
  }
  return shares
}

function rarities(starts: Uint32Array, size: number): Float32Array {
  return Float32Array.from({ length: starts.length - 1 }, (_, term) => {
    const count = (starts[term + 1] ?? 0) - (starts[term] ?? 0)
    return Math.log(1 + (size - count + 0.5) / (count + 0.5))
  })
}

function increase(numbers: Uint32Array | Float32Array | number[], at: number, by: number): void {
  numbers[at] = (numbers[at] ?? 0) + by
}
