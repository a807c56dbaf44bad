import { expect, test } from 'vitest'
import { createEmbedder } from '../../src/llm/embeddings.ts'
import { startEmbeddingsServer } from './embeddings-server.ts'

const never = new AbortController().signal

function embedderOf(url: string, rest: { apiKey?: string; dimensions?: number; timeoutMs?: number } = {}) {
  return createEmbedder({ url, model: 'bag', timeoutMs: 5_000, ...rest })
}

test('gives one vector for each text, in their order', async () => {
  await using server = await startEmbeddingsServer()
  const texts = Array.from({ length: 150 }, (_, at) => 'word '.repeat(at + 1))
  const vectors = await embedderOf(server.url, { dimensions: 16, apiKey: 'k-123' }).embed(texts, never)
  expect(vectors.map((vector) => Math.max(...vector))).toEqual(texts.map((_, at) => at + 1))
  expect(vectors.every((vector) => vector instanceof Float32Array && vector.length === 16)).toBe(true)
  expect(server.requests.map(({ body }) => body.input.length)).toEqual([64, 64, 22])
  expect(server.requests[0]).toMatchObject({
    authorization: 'Bearer k-123',
    body: { model: 'bag', dimensions: 16 },
  })
})

test('takes the address of the endpoint itself too, and sends no key where there is none', async () => {
  await using server = await startEmbeddingsServer()
  await embedderOf(`${server.url}/embeddings`).embed(['a'], never)
  expect(server.requests[0]?.authorization).toBeUndefined()
})

test('cuts long texts and sends no empty ones', async () => {
  await using server = await startEmbeddingsServer()
  await embedderOf(server.url).embed(['x'.repeat(1e6), ''], never)
  expect(server.requests[0]?.body.input.map(({ length }) => length)).toEqual([8000, 1])
})

test.each([429, 500, 503])('asks once more after a status %d', async (status) => {
  await using server = await startEmbeddingsServer()
  server.next.push({ status })
  await expect(embedderOf(server.url).embed(['a'], never)).resolves.toHaveLength(1)
  server.next.push({ status }, { status })
  await expect(embedderOf(server.url).embed(['a'], never)).rejects.toMatchObject({
    code: 'upstream_unavailable',
  })
  expect(server.requests).toHaveLength(4)
})

test('does not ask again where it was refused', async () => {
  await using server = await startEmbeddingsServer()
  server.next.push({ status: 401 })
  await expect(embedderOf(server.url).embed(['a'], never)).rejects.toMatchObject({ code: 'upstream_failed' })
  expect(server.requests).toHaveLength(1)
})

test.each([
  ['no JSON', 'hello'],
  ['no data', '{}'],
  ['null', 'null'],
  ['too few vectors', '{"data":[]}'],
  ['a vector of words', '{"data":[{"index":0,"embedding":["a"]}]}'],
  ['an empty vector', '{"data":[{"index":0,"embedding":[]}]}'],
  ['a place that was not asked for', '{"data":[{"index":7,"embedding":[1]}]}'],
  ['a place that is none', '{"data":[{"index":"__proto__","embedding":[1]}]}'],
  ['an endless vector', `{"data":[{"index":0,"embedding":[${'1,'.repeat(9000)}1]}]}`],
])('refuses %s', async (_, body) => {
  await using server = await startEmbeddingsServer()
  server.next.push({ status: 200, body })
  await expect(embedderOf(server.url).embed(['a'], never)).rejects.toMatchObject({ code: 'upstream_invalid' })
})

test('refuses an answer that is too large', async () => {
  await using server = await startEmbeddingsServer()
  server.next.push({ status: 200, body: ' '.repeat(33 * 1024 * 1024) })
  await expect(embedderOf(server.url).embed(['a'], never)).rejects.toMatchObject({
    code: 'upstream_too_large',
  })
})

test('gives up on an endpoint that is silent, and at once where the caller does', async () => {
  await using server = await startEmbeddingsServer()
  server.next.push('silence', 'silence')
  await expect(embedderOf(server.url, { timeoutMs: 50 }).embed(['a'], never)).rejects.toMatchObject({
    code: 'upstream_unavailable',
  })
  const gone = new AbortController()
  const asked = embedderOf(server.url).embed(['a'], gone.signal)
  gone.abort(new Error('gone'))
  await expect(asked).rejects.toThrow('gone')
})

test('says so where nobody listens', async () => {
  const server = await startEmbeddingsServer()
  await server[Symbol.asyncDispose]()
  await expect(embedderOf(server.url).embed(['a'], never)).rejects.toMatchObject({
    code: 'upstream_unavailable',
  })
})
