import { createCatalog } from '../../../src/catalog/catalog.ts'
import { createSearch, type Search } from '../../../src/catalog/search/search.ts'
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts'
import type { ToolSpec } from '../../../src/core/tool.ts'
import { asText, readRecords, toSpec } from '../shared-data.ts'

/** Shares of the needed groups of tools among the first k, and the mean reciprocal rank, in percent. */
export interface Quality {
  readonly at1: number
  readonly at5: number
  readonly at10: number
  readonly mrr: number
}

/** A set of queries, what the search makes of it, and what plain BM25 over one field makes of it. */
export interface SetQuality {
  readonly set: string
  readonly queries: number
  readonly found: Quality
  readonly baseline: Quality
}

type IsInSet = (query: JsonObject) => boolean
type CatalogName =
  | 'livemcpbench'
  | 'all'
  | 'mcpproxy'
  | 'round1'
  | 'round2'
  | 'round3'
  | 'bfcl'
  | 'stabletoolbench'

const isFrom =
  (pattern: RegExp): IsInSet =>
  (query) =>
    pattern.test(asText(query['source']))
const isNamed =
  (start: string): IsInSet =>
  (query) =>
    asText(query['id']).startsWith(start)

/** The baseline is that of the data's README. */
const SETS: readonly (readonly [string, IsInSet, CatalogName, readonly [number, number, number, number]])[] =
  [
    ['single steps / own 527', isFrom(/^livemcpbench-steps$/), 'livemcpbench', [55.3, 68.1, 72.3, 61.9]],
    ['single steps / all', isFrom(/^livemcpbench-steps$/), 'all', [42.6, 57.4, 66.0, 50.7]],
    ['whole tasks / own 527', isFrom(/^livemcpbench$/), 'livemcpbench', [15.3, 33.7, 44.1, 49.1]],
    ['whole tasks / all', isFrom(/^livemcpbench$/), 'all', [9.7, 21.6, 28.0, 32.4]],
    ['mcp-bench / all', isFrom(/^mcp-bench$/), 'all', [12.3, 26.4, 40.7, 56.1]],
    ['mcpproxy-go / own 45', isFrom(/^mcpproxy-golden$/), 'mcpproxy', [57.1, 71.4, 90.5, 64.7]],
    ['Bifrost 96', isNamed('bifrost:r1'), 'round1', [34.1, 57.6, 74.2, 69.0]],
    ['Bifrost 251', isNamed('bifrost:r2'), 'round2', [30.6, 56.6, 74.3, 63.8]],
    ['Bifrost 508', isNamed('bifrost:r3'), 'round3', [28.0, 51.2, 61.9, 57.5]],
    ['BFCL live', isNamed('bfcl:'), 'bfcl', [65.1, 82.1, 88.7, 73.4]],
    ['StableToolBench G1', isFrom(/G1$/), 'stabletoolbench', [33.7, 74.3, 81.9, 76.3]],
    ['StableToolBench G2+G3', isFrom(/G[23]$/), 'stabletoolbench', [26.8, 56.9, 70.5, 73.5]],
  ]

/** Measures all sets. Needs the shared data. */
export function measureSets(): SetQuality[] {
  const queries = readRecords('queries.jsonl')
  const { catalogs, kept } = readCatalogs()
  const searches = new Map<CatalogName, Search>()
  return SETS.map(([set, isInSet, name, [at1, at5, at10, mrr]]) => {
    const search =
      searches.get(name) ?? createSearch(createCatalog({ revision: 1, specs: toSpecs(catalogs[name]()) }))
    searches.set(name, search)
    const asked = queries.filter(isInSet)
    return {
      set,
      queries: asked.length,
      found: measure(search, asked, kept),
      baseline: { at1, at5, at10, mrr },
    }
  })
}

/** Some real queries, as people and models wrote them. */
export function readQueryTexts(): string[] {
  return readRecords('queries.jsonl').map((query) => asText(query['query']))
}

/** Records as specs. One name may stand for several tools in these catalogs: a number keeps them apart. */
export function toSpecs(records: readonly JsonObject[]): ToolSpec[] {
  const seen = new Map<string, number>()
  return records.map((record) => {
    const spec = toSpec(record)
    const server = spec.ref.server.replaceAll('.', '_')
    const key = `${server}.${spec.ref.name}`
    const times = seen.get(key) ?? 0
    seen.set(key, times + 1)
    return { ...spec, ref: { server, name: times === 0 ? spec.ref.name : `${spec.ref.name}#${times}` } }
  })
}

function readCatalogs() {
  const tools = readRecords('tools.json')
  const bifrost = readRecords('bifrost-508.json')
  const kept = new Map<string, string>()
  const sources = new Map<string, Set<string>>()
  const addSource = (source: string, id: string): void => {
    sources.set(source, (sources.get(source) ?? new Set()).add(id))
  }
  for (const tool of tools) addSource(asText(tool['source']), asText(tool['id']))
  for (const [id, duplicate] of readRecords('duplicates.json').flatMap((all) => Object.entries(all))) {
    if (!isJsonObject(duplicate)) continue
    kept.set(id, asText(duplicate['of']))
    addSource(asText(duplicate['source']), asText(duplicate['of']))
  }
  const ofSource = (source: string) => tools.filter((tool) => sources.get(source)?.has(asText(tool['id'])))
  const upToRound = (round: number) => bifrost.filter((tool) => Number(tool['round']) <= round)
  const catalogs: Readonly<Record<CatalogName, () => readonly JsonObject[]>> = {
    livemcpbench: () => ofSource('livemcpbench'),
    all: () => tools,
    mcpproxy: () => ofSource('mcpproxy-corpus'),
    round1: () => upToRound(1),
    round2: () => upToRound(2),
    round3: () => upToRound(3),
    bfcl: () => readRecords('bfcl-tools.json'),
    stabletoolbench: () => readRecords('stabletoolbench-apis.json'),
  }
  return { catalogs, kept }
}

function measure(search: Search, asked: readonly JsonObject[], kept: ReadonlyMap<string, string>): Quality {
  const sums = { at1: 0, at5: 0, at10: 0, mrr: 0 }
  for (const query of asked) {
    const groups = JSON.parse(JSON.stringify(query['groups'])) as string[][]
    const wanted = groups.map((group) => new Set(group.map((id) => kept.get(id) ?? id)))
    const page = search.query({ text: asText(query['query']), limit: 50, visible: () => true })
    const ids = page.matches.map(({ spec }) => asText(spec.definition['id']))
    const recall = (k: number) =>
      wanted.filter((group) => ids.slice(0, k).some((id) => group.has(id))).length / wanted.length
    const rank = ids.findIndex((id) => wanted.some((group) => group.has(id)))
    sums.at1 += recall(1)
    sums.at5 += recall(5)
    sums.at10 += recall(10)
    sums.mrr += rank < 0 ? 0 : 1 / (rank + 1)
  }
  const percent = (sum: number) => Math.round((1000 * sum) / asked.length) / 10
  return { at1: percent(sums.at1), at5: percent(sums.at5), at10: percent(sums.at10), mrr: percent(sums.mrr) }
}
