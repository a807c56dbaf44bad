import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import { type ToolSpec, toolKey } from '../core/tool.ts'
import { createBm25, type Field } from './bm25.ts'
import type { Catalog } from './catalog.ts'
import { createTokenizer, type Tokenizer } from './tokenize.ts'

/** A question to the search. Its text comes from a stranger. */
export interface SearchQuery {
  readonly text: string
  /** A server in any accepted spelling: only its tools are searched. */
  readonly server?: string
  /** Default 8, at least 5, at most 50. */
  readonly limit?: number
  readonly offset?: number
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
  /** The offset of the next page, where there is one. */
  readonly next?: number
}

export interface Search {
  readonly query: (query: SearchQuery) => SearchPage
}

const DEFAULT_LIMIT = 8
const MIN_LIMIT = 5
const MAX_LIMIT = 50
const MAX_TEXT = 4000
const MAX_TERMS = 200

/** Bounds for what is indexed of one tool, so that one server cannot make the index large. */
const MAX_PARAMETERS = 200
const MAX_INDEXED_TEXT = 8000

/** Measured over the query sets of test/catalog/search-quality.test.ts. */
const FIELDS: readonly Field[] = [
  { weight: 2.5, lengthPenalty: 0.75 }, // name
  { weight: 1, lengthPenalty: 0.3 }, // title
  { weight: 1, lengthPenalty: 0.5 }, // description
  { weight: 1.3, lengthPenalty: 0.75 }, // server
  { weight: 0.6, lengthPenalty: 0.75 }, // parameter names and enum values
  { weight: 0.5, lengthPenalty: 0.75 }, // parameter descriptions
]

/** Indexes a catalog for ranked search. */
export function createSearch(catalog: Catalog): Search {
  const { tools, names } = catalog
  const index = createBm25(tools.map(documentsOf(createTokenizer())), FIELDS)
  const byName = Map.groupBy(tools, (spec) => spec.ref.name)

  const exact = (text: string): readonly ToolSpec[] => {
    const resolved = catalog.resolve(text)
    const bare = byName.get(text) ?? []
    return resolved === undefined ? bare : [resolved, ...bare.filter((spec) => spec !== resolved)]
  }

  return Object.freeze<Search>({
    query: (query) => {
      const text = query.text.slice(0, MAX_TEXT).trim()
      const server = query.server === undefined ? undefined : names.resolveServer(query.server)
      const isAsked = (spec: ToolSpec) =>
        (query.server === undefined || spec.ref.server === server) && query.visible(spec)
      const found: SearchMatch[] =
        text === ''
          ? tools.filter(isAsked).map((spec) => ({ spec, score: 0 }))
          : ranked(
              text,
              tools,
              index.score(createTokenizer()(text).slice(0, MAX_TERMS)),
              exact(text),
              isAsked,
            )
      return page(found, query)
    },
  })
}

function ranked(
  text: string,
  tools: readonly ToolSpec[],
  scores: Float64Array,
  exact: readonly ToolSpec[],
  isAsked: (spec: ToolSpec) => boolean,
): SearchMatch[] {
  const named = new Set(exact.map((spec) => toolKey(spec.ref)))
  const found: { spec: ToolSpec; score: number; at: number }[] = []
  for (const [at, spec] of tools.entries()) {
    const score = scores[at] ?? 0
    if (score > 0 && isAsked(spec) && !(named.size > 0 && named.has(toolKey(spec.ref))))
      found.push({ spec, score, at })
  }
  found.sort((a, b) => b.score - a.score || a.at - b.at)
  const best = found[0]?.score ?? 0
  const first = exact.filter(isAsked).map((spec) => ({ spec, score: best + text.length }))
  return [...first, ...found.map(({ spec, score }) => ({ spec, score }))]
}

function page(found: readonly SearchMatch[], query: SearchQuery): SearchPage {
  const limit = Math.min(Math.max(whole(query.limit, DEFAULT_LIMIT), MIN_LIMIT), MAX_LIMIT)
  const offset = Math.max(whole(query.offset, 0), 0)
  const end = offset + limit
  const matches = found.slice(offset, end)
  return { matches, total: found.length, offset, ...(end < found.length ? { next: end } : {}) }
}

function whole(value: number | undefined, otherwise: number): number {
  return value !== undefined && Number.isFinite(value) ? Math.trunc(value) : otherwise
}

/** The terms of a tool for each of FIELDS. */
function documentsOf(tokenize: Tokenizer): (spec: ToolSpec) => string[][] {
  return (spec) => {
    const { names, descriptions } = parametersOf(spec.inputSchema)
    const annotated = spec.annotations?.['title']
    const title = [spec.title, annotated].filter((text) => typeof text === 'string').join(' ')
    return [spec.ref.name, title, spec.description ?? '', spec.ref.server, names, descriptions].map((text) =>
      tokenize(text.slice(0, MAX_INDEXED_TEXT)),
    )
  }
}

function parametersOf(schema: JsonObject): { names: string; descriptions: string } {
  const names: string[] = []
  const descriptions: string[] = []
  const visit = (properties: Json | undefined, depth: number): void => {
    if (!isJsonObject(properties)) return
    for (const [name, property] of Object.entries(properties)) {
      if (names.length >= MAX_PARAMETERS) return
      names.push(name)
      if (!isJsonObject(property)) continue
      if (typeof property['description'] === 'string')
        descriptions.push(property['description'].slice(0, 500))
      const options = property['enum']
      if (Array.isArray(options)) names.push(...options.slice(0, 30).map((option) => String(option)))
      const items = property['items']
      if (depth < 2)
        visit(property['properties'] ?? (isJsonObject(items) ? items['properties'] : undefined), depth + 1)
    }
  }
  visit(schema['properties'], 0)
  return { names: names.join(' '), descriptions: descriptions.join(' ') }
}
