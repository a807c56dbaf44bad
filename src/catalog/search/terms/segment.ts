import type { ToolSpec } from '../../../core/tool.ts'
import type { Dictionary } from './dictionary.ts'
import { documentOf, FIELDS, NAME_FIELD } from '../text/document.ts'
import type { Tokenizer } from '../text/tokenize.ts'

/**
 * The tools of one server, analysed: which terms are in which fields, how often. Nothing in it depends on other servers, so it
 * serves every catalog in which this server has these tools.
 */
export interface Segment {
  readonly specs: readonly ToolSpec[]
  /** Terms of each document and field: `FIELDS.length` numbers per document. */
  readonly lengths: Uint32Array
  /** One entry per term and document: the document's place in the segment. */
  readonly documents: Uint32Array
  /** For each entry the occurrences in each field, `FIELDS.length` numbers, at most 255 each. */
  readonly counts: Uint8Array
  /** For each entry the term, as a number of the dictionary. */
  readonly termsIn: (dictionary: Dictionary) => Uint32Array
  /** The terms of the server's name. */
  readonly serverTerms: readonly string[]
}

/** Analyses the tools of one server. */
export function createSegment(server: string, specs: readonly ToolSpec[], tokenize: Tokenizer): Segment {
  const width = FIELDS.length
  const lengths = new Uint32Array(specs.length * width)
  const terms: string[] = []
  const documents: number[] = []
  const counts: number[] = []
  for (const [at, spec] of specs.entries()) {
    const entries = new Map<string, number>()
    for (const [field, words] of documentOf(spec, tokenize).entries()) {
      lengths[at * width + field] = words.length
      for (const word of words) {
        let entry = entries.get(word)
        if (entry === undefined) {
          entries.set(word, (entry = terms.push(word) - 1))
          documents.push(at)
          for (let each = 0; each < width; each++) counts.push(0)
        }
        const count = entry * width + field
        counts[count] = Math.min((counts[count] ?? 0) + 1, 255)
      }
    }
  }
  let known: { dictionary: Dictionary; numbers: Uint32Array } | undefined
  return Object.freeze<Segment>({
    specs,
    lengths,
    documents: Uint32Array.from(documents),
    counts: Uint8Array.from(counts),
    termsIn: (dictionary) => {
      if (known?.dictionary !== dictionary)
        known = { dictionary, numbers: Uint32Array.from(terms, (term) => dictionary.number(term)) }
      return known.numbers
    },
    serverTerms: [...new Set(tokenize(server))],
  })
}

/** Whether an entry of a segment is a word of the tool's name. */
export function isInName(segment: Segment, entry: number): boolean {
  return (segment.counts[entry * FIELDS.length + NAME_FIELD] ?? 0) > 0
}
