import type { Bm25 } from '../terms/bm25.ts'
import { type Board, createBoard } from './board.ts'
import type { Dictionary } from '../terms/dictionary.ts'
import type { Terms } from '../text/request.ts'
import type { ServerNames } from '../terms/server-names.ts'
import type { Vocabulary } from '../text/vocabulary.ts'

/** Adds up what the documents of an index are worth for terms. Scratch space is kept, so it serves one query at a time. */
export interface Scorer {
  readonly wipe: () => void
  /**
   * A word that is worth less than `opening` of the best one adds to documents that have been found already, and finds none: half of a
   * large catalog has `get` or a word like it. Source: Moffat, Zobel: Self-Indexing Inverted Files, 1996, "continue".
   */
  readonly add: (terms: Terms, opening: number) => void
  /** Writes the scores so far to a board, with what whole names and named servers gain. */
  readonly writeTo: (board: Board, terms: Terms) => void
}

/** What all scorers of an index share. */
export interface ScorerParts {
  readonly index: Bm25
  readonly dictionary: Dictionary
  readonly vocabulary: Vocabulary
  readonly serverNames: ServerNames
}

/** A term that no document has stands for at most so many that begin with it. */
const PREFIX_MAX = 8
const PREFIX_WEIGHT = 1 / 3

/**
 * A tool whose whole name was asked for gains half of its score: `create_page` is nearer to "create a page" than
 * `create_page_property`. The part of the name is squared, so half a name is worth little.
 */
const NAME_BONUS = 0.5

/** A known term that may stand for a term of the query. */
interface Alternative {
  readonly term: number
  readonly weight: number
}

/** A term of the query with all that may stand for it. */
interface Word {
  readonly share: number
  readonly alternatives: readonly Alternative[]
  /** What the best alternative is worth. */
  readonly gain: number
}

/** Makes a scorer. */
export function createScorer({ index, dictionary, vocabulary, serverNames }: ScorerParts): Scorer {
  const { starts, documents, weights, named, rarity, nameWorth } = index
  const sums = createBoard(index.size)
  const names = createBoard(index.size)
  const concept = createBoard(index.size)

  const worth = (term: number): number => rarity[term] ?? 0
  const isKnown = (term: number): boolean => (starts[term + 1] ?? 0) > (starts[term] ?? 0)
  const find = (word: string): number | undefined => {
    const term = dictionary.find(word)
    return term !== undefined && isKnown(term) ? term : undefined
  }
  const alternativesOf = (word: string): readonly Alternative[] => {
    const own = find(word)
    const literal =
      own === undefined
        ? dictionary
            .beginningWith(word, PREFIX_MAX, isKnown)
            .map((term) => ({ term, weight: worth(term) * PREFIX_WEIGHT }))
        : [{ term: own, weight: worth(own) }]
    // A near word that happens to be rare here is not worth more than the word that was said.
    const most = own === undefined ? Infinity : worth(own)
    const near = vocabulary(word).flatMap((other) => {
      const term = find(other.term)
      return term === undefined ? [] : [{ term, weight: Math.min(worth(term), most) * other.weight }]
    })
    return [...literal, ...near]
  }

  const addAlternative = (
    board: Board,
    { term, weight }: Alternative,
    share: number,
    least: number,
  ): void => {
    const gain = share * weight
    const nameGain = Math.min(share, 1) * weight
    const isOpen = gain >= least
    const write = board === concept ? board.raise : board.add
    const end = starts[term + 1] ?? 0
    for (let at = starts[term] ?? 0; at < end; at++) {
      const document = documents[at] ?? 0
      if (!isOpen && sums.values[document] === 0) continue
      write(document, gain * (weights[at] ?? 0))
      if (named[at] === 1) names.add(document, nameGain)
    }
  }
  const addWord = ({ share, alternatives }: Word, least: number): void => {
    const [only] = alternatives
    if (only !== undefined && alternatives.length === 1) {
      addAlternative(sums, only, share, least)
      return
    }
    // The best alternative counts, not their sum: a tool that says one thing in three ways is not three times as good.
    concept.wipe()
    for (const alternative of alternatives) addAlternative(concept, alternative, share, least)
    for (const document of concept.touched()) sums.add(document, concept.values[document] ?? 0)
  }

  /** The most valuable first: those that come after may find nothing that these have not found. */
  const wordsOf = (terms: Terms): Word[] =>
    [...terms].map(([word, share]) => toWord(share, alternativesOf(word))).sort((a, b) => b.gain - a.gain)

  return Object.freeze<Scorer>({
    wipe: () => {
      sums.wipe()
      names.wipe()
    },
    add: (terms, opening) => {
      const words = wordsOf(terms)
      const least = opening * (words[0]?.gain ?? 0)
      for (const word of words) addWord(word, least)
    },
    writeTo: (board, terms) => {
      board.wipe()
      const { segmentOf } = serverNames
      const lifts = serverNames.liftsOf(terms)
      for (const document of sums.touched()) {
        const score = sums.values[document] ?? 0
        const got = names.values[document] ?? 0
        const part = got === 0 ? 0 : Math.min(got / (nameWorth[document] ?? 1), 1)
        const lift = lifts.size === 0 ? 0 : (lifts.get(segmentOf[document] ?? 0) ?? 0)
        board.add(document, score * (1 + NAME_BONUS * part * part) + lift)
      }
    },
  })
}

function toWord(share: number, alternatives: readonly Alternative[]): Word {
  return { share, alternatives, gain: share * Math.max(0, ...alternatives.map(({ weight }) => weight)) }
}
