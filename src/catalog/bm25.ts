/** How much a field counts, and how strongly its length is held against it (0 to 1). */
export interface Field {
  readonly weight: number
  readonly lengthPenalty: number
}

/** Documents that hold a term, with the term's saturated weight in each. */
interface Postings {
  readonly documents: number[]
  readonly weights: number[]
}

/** A BM25F index over documents that are numbered from 0. */
export interface Bm25 {
  /** The score of each document: one number per document, 0 where no term occurs. */
  readonly score: (terms: readonly string[]) => Float64Array
}

const K1 = 1.2

/** Rare words count a little more than in plain BM25: requests in prose hold many common ones. */
const RARITY_POWER = 1.15

/** Unknown terms stand for at most this many known ones that begin with them. */
const PREFIX_MAX = 8

/**
 * Indexes documents, each a list of terms for each field. BM25F: occurrences of a term are weighted by field and length
 * before they are saturated, so that a word in many fields is not counted as many words.
 * Source: Robertson, Zaragoza: The Probabilistic Relevance Framework, 2009, section 3.6.
 */
export function createBm25(
  documents: readonly (readonly (readonly string[])[])[],
  fields: readonly Field[],
): Bm25 {
  const averages = fields.map((_, field) => {
    const total = documents.reduce((sum, document) => sum + (document[field]?.length ?? 0), 0)
    return Math.max(total / Math.max(documents.length, 1), 1e-9)
  })
  const postings = new Map<string, Postings>()
  for (const [number, document] of documents.entries()) {
    const frequencies = new Map<string, number>()
    for (const [index, field] of fields.entries()) {
      const terms = document[index] ?? []
      const length = 1 - field.lengthPenalty + (field.lengthPenalty * terms.length) / (averages[index] ?? 1)
      const share = field.weight / length
      for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + share)
    }
    for (const [term, frequency] of frequencies) {
      let list = postings.get(term)
      if (list === undefined) postings.set(term, (list = { documents: [], weights: [] }))
      list.documents.push(number)
      list.weights.push((frequency * (K1 + 1)) / (frequency + K1))
    }
  }
  const vocabulary = [...postings.keys()].sort()

  const add = (scores: Float64Array, term: string, share: number): void => {
    const list = postings.get(term)
    if (list === undefined) return
    const count = list.documents.length
    const rarity = Math.log(1 + (documents.length - count + 0.5) / (count + 0.5)) ** RARITY_POWER
    for (let i = 0; i < count; i++) {
      const document = list.documents[i] ?? 0
      scores[document] = (scores[document] ?? 0) + share * rarity * (list.weights[i] ?? 0)
    }
  }

  return Object.freeze<Bm25>({
    score: (terms) => {
      const scores = new Float64Array(documents.length)
      for (const [term, times] of occurrences(terms)) {
        // A term that is repeated counts a little more, not many times more.
        const share = 1 + Math.log(times)
        if (postings.has(term)) add(scores, term, share)
        else for (const known of beginningWith(vocabulary, term)) add(scores, known, share / 3)
      }
      return scores
    },
  })
}

function occurrences(terms: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1)
  return counts
}

/** The first words of a sorted vocabulary that begin with a prefix. */
function beginningWith(vocabulary: readonly string[], prefix: string): string[] {
  if (prefix.length < 3) return []
  let low = 0
  let high = vocabulary.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((vocabulary[middle] ?? '') < prefix) low = middle + 1
    else high = middle
  }
  const found: string[] = []
  for (let i = low; i < vocabulary.length && found.length < PREFIX_MAX; i++) {
    const word = vocabulary[i]
    if (word === undefined || !word.startsWith(prefix)) break
    found.push(word)
  }
  return found
}
