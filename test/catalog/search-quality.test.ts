import { describe, expect, test } from 'vitest'
import { createCatalog } from '../../src/catalog/catalog.ts'
import { createSearch, type Search } from '../../src/catalog/search.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { asText, HAS_SHARED_DATA, readRecords, SKIPPED, toSpec } from './shared-data.ts'

const records = (file: string) => (HAS_SHARED_DATA ? readRecords(file) : [])
const tools = records('tools.json')
const queries = records('queries.jsonl')
const bifrost = records('bifrost-508.json')
const duplicates = new Map<string, string>()
const sources = new Map<string, Set<string>>()
for (const tool of tools) addSource(asText(tool['source']), asText(tool['id']))
for (const list of records('duplicates.json').flatMap((all) => Object.entries(all))) addDuplicate(...list)

function addSource(source: string, id: string): void {
  sources.set(source, (sources.get(source) ?? new Set()).add(id))
}

function addDuplicate(id: string, kept: JsonObject[string]): void {
  if (typeof kept !== 'object' || kept === null || !('of' in kept)) return
  duplicates.set(id, asText(kept.of))
  addSource(asText(kept['source']), asText(kept.of))
}

/** One name may stand for several tools in these catalogs: a number keeps them apart. */
function searchOver(list: readonly JsonObject[]): Search {
  const seen = new Map<string, number>()
  const specs = list.map((record) => {
    const spec = toSpec(record)
    const server = spec.ref.server.replaceAll('.', '_')
    const key = `${server}.${spec.ref.name}`
    const times = seen.get(key) ?? 0
    seen.set(key, times + 1)
    return { ...spec, ref: { server, name: times === 0 ? spec.ref.name : `${spec.ref.name}#${times}` } }
  })
  return createSearch(createCatalog({ revision: 1, specs }))
}

const ofSource = (source: string) => tools.filter((tool) => sources.get(source)?.has(asText(tool['id'])))
const isFrom = (pattern: RegExp) => (query: JsonObject) => pattern.test(asText(query['source']))
const isNamed = (start: string) => (query: JsonObject) => asText(query['id']).startsWith(start)
const ofRound = (round: number) => bifrost.filter((tool) => Number(tool['round']) <= round)

/** Plain BM25 over one field, recall@10 in percent: what the ranking has to beat. */
const SETS: [
  set: string,
  asked: (query: JsonObject) => boolean,
  catalog: () => readonly JsonObject[],
  baseline: number,
][] = [
  ['single steps / own 527', isFrom(/^livemcpbench-steps$/), () => ofSource('livemcpbench'), 72.3],
  ['single steps / all', isFrom(/^livemcpbench-steps$/), () => tools, 66.0],
  ['whole tasks / own 527', isFrom(/^livemcpbench$/), () => ofSource('livemcpbench'), 44.1],
  ['whole tasks / all', isFrom(/^livemcpbench$/), () => tools, 28.0],
  ['mcp-bench / all', isFrom(/^mcp-bench$/), () => tools, 40.7],
  ['mcpproxy-go / own 45', isFrom(/^mcpproxy-golden$/), () => ofSource('mcpproxy-corpus'), 90.5],
  ['Bifrost 96', isNamed('bifrost:r1'), () => ofRound(1), 74.2],
  ['Bifrost 251', isNamed('bifrost:r2'), () => ofRound(2), 74.3],
  ['Bifrost 508', isNamed('bifrost:r3'), () => ofRound(3), 61.9],
  ['BFCL live', isNamed('bfcl:'), () => records('bfcl-tools.json'), 88.7],
  ['StableToolBench G1', isFrom(/G1$/), () => records('stabletoolbench-apis.json'), 81.9],
  ['StableToolBench G2+G3', isFrom(/G[23]$/), () => records('stabletoolbench-apis.json'), 70.5],
]

/** Shares of the needed groups of tools among the first k, and the mean reciprocal rank, in percent. */
function measure(search: Search, asked: readonly JsonObject[]) {
  const sums = { at1: 0, at5: 0, at10: 0, mrr: 0 }
  for (const query of asked) {
    const groups = JSON.parse(JSON.stringify(query['groups'])) as string[][]
    const wanted = groups.map((group) => new Set(group.map((id) => duplicates.get(id) ?? id)))
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

describe.skipIf(!HAS_SHARED_DATA)(`quality of the search${SKIPPED}`, () => {
  test('is at least that of plain BM25', { timeout: 120_000 }, () => {
    const gains = SETS.map(([set, isAsked, catalog, baseline]) => {
      const asked = queries.filter(isAsked)
      expect(asked.length, set).toBeGreaterThan(20)
      const figures = measure(searchOver(catalog()), asked)
      console.log(`${set} (${asked.length}): ${JSON.stringify(figures)}, baseline at10 ${baseline}`)
      return { set, gain: figures.at10 - baseline }
    })
    expect(gains[0]?.gain).toBeGreaterThanOrEqual(-0.05)
    // One query of a small set is two to four points: no set may lose more than that, and the mean must gain.
    for (const { set, gain } of gains) expect(gain, set).toBeGreaterThan(-3)
    expect(gains.reduce((sum, { gain }) => sum + gain, 0) / gains.length).toBeGreaterThan(1)
  })
})
