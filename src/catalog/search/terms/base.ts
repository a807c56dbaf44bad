import type { ToolSpec } from '../../../core/tool.ts'
import type { Catalog } from '../../catalog.ts'
import { createDictionary, type Dictionary } from './dictionary.ts'
import { createSegment, type Segment } from './segment.ts'
import { createTokenizer } from '../text/tokenize.ts'
import { createVocabulary, type Vocabulary } from '../text/vocabulary.ts'

/** The tools of a catalog, analysed server by server. */
export interface Analysis {
  readonly segments: ReadonlyMap<string, Segment>
  readonly dictionary: Dictionary
  readonly vocabulary: Vocabulary
  /** How many tools were analysed for it; all others were taken over. */
  readonly analysed: number
}

/** What a search leaves to the next one, so that only the tools of changed servers are analysed again. */
export interface SearchBase extends Analysis {
  /** How many terms of the dictionary occur in a tool. */
  readonly usedTerms: number
}

/** The terms of servers that have gone stay in a dictionary; one in which fewer than this share is in use is begun anew. */
const MIN_USED = 0.25
const SMALL = 10_000

/** Analyses a catalog. A server whose tools are those of the previous base, the same records in the same order, is taken over. */
export function analyseCatalog(catalog: Catalog, previous?: SearchBase): Analysis {
  const tokenize = createTokenizer()
  const segments = new Map<string, Segment>()
  let analysed = 0
  for (const [server, specs] of Map.groupBy(catalog.tools, ({ ref }) => ref.server)) {
    const known = previous?.segments.get(server)
    if (known !== undefined && isSame(known.specs, specs)) segments.set(server, known)
    else {
      segments.set(server, createSegment(server, specs, tokenize))
      analysed += specs.length
    }
  }
  const isOvergrown =
    previous !== undefined &&
    previous.dictionary.size() > SMALL &&
    previous.usedTerms < MIN_USED * previous.dictionary.size()
  return Object.freeze<Analysis>({
    segments,
    dictionary: previous === undefined || isOvergrown ? createDictionary() : previous.dictionary,
    vocabulary: previous?.vocabulary ?? createVocabulary(tokenize),
    analysed,
  })
}

function isSame(a: readonly ToolSpec[], b: readonly ToolSpec[]): boolean {
  return a.length === b.length && a.every((spec, at) => spec === b[at])
}
