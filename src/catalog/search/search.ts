import type { ToolRef, ToolSpec } from '../../core/tool.ts'
import type { Catalog } from '../catalog.ts'
import { analyseCatalog, type SearchBase } from './terms/base.ts'
import { createBm25 } from './terms/bm25.ts'
import { parseCursor, printCursor } from './cursor.ts'
import type { Board } from './rank/board.ts'
import { fuse } from './rank/fusion.ts'
import { createRanking, rank } from './rank/ranking.ts'
import { parseRequest } from './text/request.ts'
import { createServerNames } from './terms/server-names.ts'
import { createSpellings } from './spellings.ts'
import { createTokenizer } from './text/tokenize.ts'
import type { Similarities, Vectors } from '../vectors/vectors.ts'

/** A question to the search. Its text comes from a stranger. */
export interface SearchQuery {
  readonly text: string
  /** A server in any accepted spelling: only its tools are searched. */
  readonly server?: string
  /** Default 8, at least 5, at most 50. */
  readonly limit?: number
  /** Where the next page begins, as the page before said it. */
  readonly cursor?: string
  /** What the caller may not see is not found, not counted and not named. */
  readonly visible: (spec: ToolSpec) => boolean
}

export interface SearchMatch {
  readonly spec: ToolSpec
  readonly score: number
}

/** One page of matches. */
export interface SearchPage {
  readonly matches: readonly SearchMatch[]
  /** All visible matches, on this page or another. */
  readonly total: number
  readonly offset: number
  /** Where there is a next page. */
  readonly nextCursor?: string
  /** Where nothing matches: the visible tools whose names look most like the text. */
  readonly nearest?: readonly ToolSpec[]
}

export interface Search {
  /** @throws GatewayError `invalid_arguments` where the cursor is broken or belongs to another query */
  readonly query: (query: SearchQuery) => SearchPage
  /**
   * The same, merged with what is near in meaning, where that is configured and known in time.
   *
   * @throws GatewayError `invalid_arguments` as above, and nothing else
   */
  readonly queryHybrid: (query: SearchQuery, signal?: AbortSignal) => Promise<SearchPage>
  /** For the search of the next revision. */
  readonly base: SearchBase
}

export interface SearchOptions {
  /** The base of the search before this one: servers that have not changed are taken over from it. */
  readonly previous?: SearchBase | undefined
  /** How often a tool was called with success. Settles near-ties, and lifts nothing that does not match. */
  readonly usage?: ((ref: ToolRef) => number) | undefined
  /** Absent: tools are found by words alone. */
  readonly vectors?: Vectors | undefined
}

const DEFAULT_LIMIT = 8
const MIN_LIMIT = 5
const MAX_LIMIT = 50

/** The longest text that is looked at, in characters. */
const MAX_TEXT = 4000

/** Indexes a catalog for ranked search. */
export function createSearch(catalog: Catalog, { previous, usage, vectors }: SearchOptions = {}): Search {
  const { tools, names } = catalog
  const analysis = analyseCatalog(catalog, previous)
  const segments = [...analysis.segments.values()]
  const { dictionary, vocabulary } = analysis
  const index = createBm25(segments, dictionary)
  const serverNames = createServerNames(segments)
  const ranking = createRanking({ tools, index, dictionary, vocabulary, serverNames })
  const spellings = createSpellings(catalog)

  /** What a text finds, as far as it is asked for: `first` is its beginning, at least `count` long where there is so much. */
  const find = (text: string, count: number, isAsked: IsAsked, similarities: Similarities | undefined) => {
    const tokenize = createTokenizer()
    const board = ranking(parseRequest(text, tokenize), tokenize, isAsked)
    const byWords = rank(tools, board, count, isAsked, usage)
    const ranked = similarities === undefined ? byWords : fuse(byWords, tools, similarities, isAsked)
    const named = spellings.named(text).filter((at) => isAsked(at))
    const first = new Set([...inOrder(named, board), ...ranked.map(({ at }) => at)])
    const total = countOf(board, isAsked) + [...first].filter((at) => board.values[at] === 0).length
    return { first: [...first].map((at) => ({ at, score: board.values[at] ?? 0 })), total }
  }

  const answer = (query: SearchQuery, similarities?: Similarities): SearchPage => {
    const { server, limit: wanted, cursor, visible } = query
    const text = textOf(query)
    const only = server === undefined ? undefined : names.resolveServer(server)
    const isSpecAsked = (spec: ToolSpec): boolean =>
      (server === undefined || spec.ref.server === only) && visible(spec)
    const isAsked = remembered(tools, isSpecAsked)
    const limit = Math.min(Math.max(whole(wanted, DEFAULT_LIMIT), MIN_LIMIT), MAX_LIMIT)
    const mark = `${server ?? ''}\n${text}`
    const offset = parseCursor(cursor, mark)
    const { first, total } =
      text === '' ? browse(tools, isAsked) : find(text, offset + limit, isAsked, similarities)
    const matches = first.slice(offset, offset + limit).flatMap(({ at, score }) => {
      const spec = tools[at]
      return spec === undefined ? [] : [{ spec, score }]
    })
    const end = offset + matches.length
    return {
      matches,
      total,
      offset,
      ...(matches.length > 0 && end < total ? { nextCursor: printCursor(end, mark) } : {}),
      ...(total === 0 && isNameLike(text) ? { nearest: catalog.nearest(text, isSpecAsked) } : {}),
    }
  }

  vectors?.learn(tools)
  return Object.freeze<Search>({
    query: (query) => answer(query),
    queryHybrid: async (query, signal) => answer(query, await vectors?.near(textOf(query), tools, signal)),
    base: Object.freeze({ ...analysis, usedTerms: index.terms }),
  })
}

function textOf({ text }: SearchQuery): string {
  return text.slice(0, MAX_TEXT).trim()
}

/** A longer text is no mistyped name, and the spelling of each tool would be compared with it. */
function isNameLike(text: string): boolean {
  return text !== '' && text.length <= 64
}

type IsAsked = (at: number) => boolean

/** Asks about each tool once. */
function remembered(tools: readonly ToolSpec[], isAsked: (spec: ToolSpec) => boolean): IsAsked {
  const known = new Int8Array(tools.length)
  return (at) => {
    const spec = tools[at]
    if (known[at] === 0) known[at] = spec !== undefined && isAsked(spec) ? 1 : -1
    return known[at] === 1
  }
}

function browse(tools: readonly ToolSpec[], isAsked: IsAsked) {
  const first = [...tools.keys()].filter((at) => isAsked(at)).map((at) => ({ at, score: 0 }))
  return { first, total: first.length }
}

/** The exact one first, the others by their scores: an order that does not depend on how much of the ranking is known. */
function inOrder([exact, ...others]: readonly number[], { values }: Board): number[] {
  others.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0) || a - b)
  return exact === undefined ? [] : [exact, ...others]
}

function countOf(board: Board, isAsked: IsAsked): number {
  let count = 0
  for (const document of board.touched()) if (isAsked(document)) count++
  return count
}

function whole(value: number | undefined, otherwise: number): number {
  return value !== undefined && Number.isFinite(value) ? Math.trunc(value) : otherwise
}
