import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { createSearches } from '../../../src/catalog/search/searches.ts'
import { createMemoryVectors, createVectors, type Vectors } from '../../../src/catalog/vectors/vectors.ts'
import { createEmbedder } from '../../../src/llm/embeddings.ts'
import { type EmbeddingsServer, startEmbeddingsServer } from '../../llm/embeddings-server.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'

const visible = () => true
const specs = [
  toolSpec('zoo', 'feed', { description: 'Feeds a cat.' }),
  toolSpec('zoo', 'weigh', { description: 'Weighs an elephant.' }),
  toolSpec('garage', 'wash', { description: 'Washes a car.' }),
]

function vectorsOf(
  server: EmbeddingsServer,
  options: { timeoutMs?: number; cached?: number; now?: () => number } = {},
): Vectors & { readonly faults: unknown[] } {
  const faults: unknown[] = []
  const vectors = createVectors({
    embed: createEmbedder({ url: server.url, model: 'bag', dimensions: 512, timeoutMs: 5_000 }).embed,
    model: 'bag',
    cache: createMemoryVectors(options.cached ?? 100),
    timeoutMs: options.timeoutMs ?? 5_000,
    nowMs: options.now ?? (() => 0),
    onFault: (cause) => faults.push(cause),
  })
  return { ...vectors, faults }
}

const inputs = ({ requests }: EmbeddingsServer) => requests.map(({ body }) => body.input)

describe('hybrid search', () => {
  test('finds what no word of the query names, and shows nothing hidden', async () => {
    await using server = await startEmbeddingsServer()
    const vectors = vectorsOf(server)
    const search = createSearches({ vectors })(catalogOf(...specs))
    await vi.waitFor(() => expect(inputs(server)).toHaveLength(1))
    const first = async (text: string, sees = visible as (spec: object) => boolean) =>
      (await search.queryHybrid({ text, visible: sees })).matches.map(({ spec }) => spec.ref.name)
    expect(search.query({ text: 'kitten', visible }).matches).toEqual([])
    await vi.waitFor(async () => expect((await first('kitten'))[0]).toBe('feed'))
    expect((await first('automobile'))[0]).toBe('wash')
    expect(await first('kitten', (spec) => spec !== specs[0])).not.toContain('feed')
    expect((await first('zoo.weigh'))[0]).toBe('weigh')
    expect(vectors.faults).toEqual([])
  })

  test('asks for the vectors of new tools only, and for that of a query once', async () => {
    await using server = await startEmbeddingsServer()
    const create = createSearches({ vectors: vectorsOf(server) })
    const search = create(catalogOf(...specs))
    await vi.waitFor(async () =>
      expect((await search.queryHybrid({ text: 'kitten', visible })).total).toBeGreaterThan(0),
    )
    const before = server.requests.length
    await search.queryHybrid({ text: 'kitten', limit: 20, visible })
    expect(server.requests).toHaveLength(before)
    create(catalogOf(...specs, toolSpec('zoo', 'count', { description: 'Counts all animals.' })))
    await vi.waitFor(() => expect(server.requests).toHaveLength(before + 1))
    expect(inputs(server).at(-1)).toEqual(['zoo count\nCounts all animals.'])
  })

  test('answers by words alone where the endpoint is down, slow or not configured', async () => {
    await using server = await startEmbeddingsServer()
    server.next.push({ status: 401 })
    const vectors = vectorsOf(server)
    const search = createSearches({ vectors })(catalogOf(...specs))
    await vi.waitFor(() => expect(vectors.faults).toHaveLength(1))
    const query = { text: 'wash the car', visible }
    const plain = search.query(query)
    expect(await search.queryHybrid(query)).toEqual(plain)
    // It is left alone for a while, so that not every search waits for it.
    expect(server.requests).toHaveLength(1)
    server.next.push('silence', 'silence')
    const slow = createSearches({ vectors: vectorsOf(server, { timeoutMs: 30 }) })(catalogOf(...specs))
    expect(await slow.queryHybrid(query)).toEqual(plain)
    expect(await createSearches()(catalogOf(...specs)).queryHybrid(query)).toEqual(plain)
  })

  test('tries an endpoint again that was down', async () => {
    await using server = await startEmbeddingsServer()
    let nowMs = 0
    server.next.push({ status: 401 })
    const vectors = vectorsOf(server, { now: () => nowMs })
    const search = createSearches({ vectors })(catalogOf(...specs))
    await vi.waitFor(() => expect(vectors.faults).toHaveLength(1))
    nowMs = 60_000
    await vi.waitFor(async () =>
      expect((await search.queryHybrid({ text: 'kitten', visible })).total).toBeGreaterThan(0),
    )
  })

  test('a caller who goes away has a plain answer and is no fault of the endpoint', async () => {
    await using server = await startEmbeddingsServer()
    const vectors = vectorsOf(server)
    const search = createSearches({ vectors })(catalogOf(...specs))
    const page = await search.queryHybrid({ text: 'wash', visible }, AbortSignal.abort())
    expect(page).toEqual(search.query({ text: 'wash', visible }))
    expect(vectors.faults).toEqual([])
  })

  test('a cache that is too small for all tools does not make it ask for ever', async () => {
    await using server = await startEmbeddingsServer()
    createSearches({ vectors: vectorsOf(server, { cached: 1 }) })(catalogOf(...specs))
    await vi.waitFor(() => expect(server.requests).toHaveLength(1))
    await sleep(100)
    expect(server.requests).toHaveLength(1)
  })

  test('pages of one query are parts of one ranking', async () => {
    await using server = await startEmbeddingsServer()
    const many = Array.from({ length: 60 }, (_, at) =>
      toolSpec(`s${at % 7}`, `tool_${at}`, {
        description: `A ${at % 2 === 0 ? 'cat' : 'car'} number ${at}.`,
      }),
    )
    const search = createSearches({ vectors: vectorsOf(server) })(catalogOf(...many))
    await vi.waitFor(async () =>
      expect((await search.queryHybrid({ text: 'kitten', visible })).total).toBeGreaterThan(0),
    )
    const seen: string[] = []
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page = await search.queryHybrid({ text: 'car number', limit: 10, cursor, visible })
      seen.push(...page.matches.map(({ spec }) => spec.ref.name))
      cursor = page.nextCursor
    }
    expect(seen).toHaveLength(60)
    expect(new Set(seen).size).toBe(60)
  })
})
