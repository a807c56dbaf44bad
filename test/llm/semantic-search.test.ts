import { expect, test, vi } from 'vitest'
import { systemClock } from '../../src/assemble.ts'
import { createSearches } from '../../src/catalog/search/searches.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import { createSemanticSearch } from '../../src/semantic-search.ts'
import { createLog } from '../../src/telemetry/log.ts'
import { catalogOf, toolSpec } from '../catalog/tool-specs.ts'
import { startEmbeddingsServer } from './embeddings-server.ts'

const ports = { clock: systemClock, log: createLog('silent', false) }

test('what the configuration names is asked, with its key, model and length', async () => {
  await using server = await startEmbeddingsServer()
  const search = {
    embeddings: { url: server.url, model: 'bag', apiKey: 'k-1', dimensions: 128, timeoutMs: 5_000 },
  }
  const plan = compileConfig(toConfig(CONFIG_SCHEMA.parse({ search })), '/')
  const vectors = createSemanticSearch(plan.search.embeddings, ports)
  const found = createSearches({ vectors })(
    catalogOf(toolSpec('zoo', 'feed', { description: 'Feeds a cat.' })),
  )
  await vi.waitFor(async () =>
    expect((await found.queryHybrid({ text: 'kitten', visible: () => true })).total).toBe(1),
  )
  expect(server.requests[0]).toMatchObject({
    authorization: 'Bearer k-1',
    body: { model: 'bag', dimensions: 128, input: ['zoo feed\nFeeds a cat.'] },
  })
  vectors?.close()
})

test('without an endpoint there is nothing to ask', () => {
  expect(createSemanticSearch(undefined, ports)).toBeUndefined()
})
