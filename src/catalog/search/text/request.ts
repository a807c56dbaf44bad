import type { Tokenizer } from './tokenize.ts'

/** What a query asks for: terms with their weights, most often 1. */
export type Terms = ReadonlyMap<string, number>

/** A query, taken apart. */
export interface Request {
  readonly terms: Terms
  /** The same for each of its clauses, where there are several: a task of many steps needs a tool for each. */
  readonly clauses: readonly Terms[]
}

const MAX_TERMS = 120
const MAX_CLAUSES = 8
const MIN_CLAUSE = 12

/** What is quoted, and addresses and paths, are values for a tool's arguments more often than words about the tool. */
const VALUE_WEIGHT = 0.3

/** What the shape of a value says: a path speaks of a file without the word. */
const SHAPE_WEIGHT = 0.7

/** Words that ask, and do not say for what. In a tool's name they mean something, so they are not stop words. */
const ASKING_WEIGHT = 0.3
const ASKING =
  'help need needs provide tell give know additionally interested plan planning sure thanks thank curious wonder wondering please ' +
  'want love hope try here hi hello hey ok okay something anything thing someone'

const QUOTED = /(?<![\p{L}\p{N}])'([^'\n]{1,120})'(?!\p{L})|"([^"\n]{1,200})"|[“‘]([^”’\n]{1,200})[”’]/gu
const ADDRESS = /^[("'`[<]?(?:https?:\/\/|[~.]{0,2}\/[\w.])|^[^@]+@[^@]+\./
const SHAPES: readonly { readonly pattern: RegExp; readonly word: string }[] = [
  { pattern: /^[("'`[<]?https?:\/\//, word: 'url' },
  { pattern: /^[^@]+@[^@]+\.\w/, word: 'email' },
  { pattern: /^[("'`[<]?[~.]{0,2}\/\w/, word: 'file' },
  {
    pattern:
      /\w\.(?:txt|md|csv|json|pdf|docx?|xlsx?|pptx?|bib|log|ya?ml|html?|py|js|ts|xml|sql|png|jpe?g|mp[34])\W{0,3}$/i,
    word: 'file',
  },
]

/** Between clauses; the text has single spaces only. */
const BETWEEN =
  /(?<=[.?!;]) |,? (?:and then|then|and also|additionally|after that|afterwards|also|plus|finally)(?:, | |,)/i

/** Takes a query apart. The text has been cut to a bound; time is linear in its length. */
export function parseRequest(text: string, tokenize: Tokenizer): Request {
  const asking = new Set(tokenize(ASKING))
  const read = (part: string): Terms => readTerms(part, tokenize, asking)
  const clauses = text
    .split('\n')
    .flatMap((line) => line.replaceAll(/\s+/g, ' ').split(BETWEEN))
    .filter((clause) => clause.trim().length >= MIN_CLAUSE)
    .slice(0, MAX_CLAUSES)
    .map(read)
    .filter((terms) => terms.size > 1)
  return { terms: read(text), clauses: clauses.length > 1 ? clauses : [] }
}

function readTerms(text: string, tokenize: Tokenizer, asking: ReadonlySet<string>): Terms {
  const found = new Map<string, { weight: number; times: number }>()
  const add = (part: string, share: number): void => {
    for (const term of tokenize(part)) {
      const weight = asking.has(term) ? share * ASKING_WEIGHT : share
      const known = found.get(term)
      if (known !== undefined) {
        known.weight = Math.max(known.weight, weight)
        known.times++
      } else if (found.size < MAX_TERMS) found.set(term, { weight, times: 1 })
    }
  }
  let at = 0
  for (const quoted of text.matchAll(QUOTED)) {
    addWords(text.slice(at, quoted.index), add)
    add(quoted[0], VALUE_WEIGHT)
    at = quoted.index + quoted[0].length
  }
  addWords(text.slice(at), add)
  // A term that is repeated counts a little more, not many times more.
  const terms = new Map([...found].map(([term, { weight, times }]) => [term, weight * (1 + Math.log(times))]))
  for (const shape of shapesOf(text))
    for (const term of tokenize(shape)) if (!terms.has(term)) terms.set(term, SHAPE_WEIGHT)
  return terms
}

/** Words in runs, so that names of several words stay together; addresses apart. */
function addWords(text: string, add: (part: string, weight: number) => void): void {
  const words = text.split(/\s+/)
  const isAddress = (word: string) => ADDRESS.test(word)
  add(words.filter((word) => !isAddress(word)).join(' '), 1)
  for (const word of words.filter(isAddress)) add(word, VALUE_WEIGHT)
}

function shapesOf(text: string): Set<string> {
  const words = text.split(/\s+/)
  return new Set(
    SHAPES.flatMap(({ pattern, word }) => (words.some((each) => pattern.test(each)) ? [word] : [])),
  )
}
