import type { Tokenizer } from './tokenize.ts'
import { ABBREVIATIONS } from './words/abbreviations.ts'
import { FORMS } from './words/forms.ts'
import type { Degree, WordGroup } from './words/group.ts'
import { LIFE } from './words/life.ts'
import { MEDIA } from './words/media.ts'
import { MONEY } from './words/money.ts'
import { NUMBERS } from './words/numbers.ts'
import { OFFICE } from './words/office.ts'
import { PLACES } from './words/places.ts'
import { SOFTWARE } from './words/software.ts'
import { VERBS } from './words/verbs.ts'

/**
 * What people say and what tools are called, from general knowledge of APIs: no word is here because some query needs it, and none is
 * taken out for one.
 */
export const WORD_GROUPS: readonly WordGroup[] = [
  ...FORMS,
  ...ABBREVIATIONS,
  ...VERBS,
  ...OFFICE,
  ...SOFTWARE,
  ...NUMBERS,
  ...MONEY,
  ...PLACES,
  ...MEDIA,
  ...LIFE,
]

/** What a word that stands for another counts, of 1 for the word itself. */
const WEIGHTS: Readonly<Record<Degree, number>> = { same: 0.5, like: 0.35, near: 0.25 }

/** So many terms may stand for one; the weaker ones go. It bounds what a query costs. */
export const NEAR_MAX = 24

/** A term that may stand for another. */
export interface NearTerm {
  readonly term: string
  /** Above 0 and below 1, which is the term itself. */
  readonly weight: number
}

/** Says which terms may stand for a term, the best first, at most NEAR_MAX. */
export type Vocabulary = (term: string) => readonly NearTerm[]

/** Prepares the vocabulary in the form that a tokenizer gives words. */
export function createVocabulary(
  tokenize: Tokenizer,
  groups: readonly WordGroup[] = WORD_GROUPS,
): Vocabulary {
  const near = new Map<string, Map<string, number>>()
  const relate = (from: string, to: string, weight: number): void => {
    if (from === to) return
    const terms = near.get(from) ?? new Map<string, number>()
    near.set(from, terms.set(to, Math.max(terms.get(to) ?? 0, weight)))
  }
  // Of a word that is taken apart, like `k8s`, the whole is last.
  const termsOf = (words: string): string[] => words.split(' ').flatMap((word) => tokenize(word).slice(-1))
  for (const { degree, classes } of groups)
    for (const line of classes) {
      const [left = '', right = left] = line.split(' > ')
      for (const from of termsOf(left)) for (const to of termsOf(right)) relate(from, to, WEIGHTS[degree])
    }
  const lists = new Map([...near].map(([term, others]) => [term, strongest(others)]))
  return (term) => lists.get(term) ?? []
}

function strongest(weights: ReadonlyMap<string, number>): readonly NearTerm[] {
  const terms = [...weights].map(([term, weight]) => Object.freeze<NearTerm>({ term, weight }))
  return Object.freeze(terms.sort((a, b) => b.weight - a.weight).slice(0, NEAR_MAX))
}
