import { expect, test } from 'vitest'

import type { Call } from '../../src/core/call.ts'
import type { CallClient } from '../../src/core/client.ts'
import { GatewayError } from '../../src/core/errors.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { replyOf, replyResult, textResult, type Result } from '../../src/core/result.ts'
import { toResult } from '../../src/mcp/map.ts'
import { keepResultBytes, writtenOf } from '../../src/mcp/raw-result.ts'
import { createRedactLayer } from '../../src/policy/layers/redact.ts'
import { createRedactor } from '../../src/secrets/redactor.ts'
import { callOf } from './call-of.ts'

const SECRET = 'sk-canary-0123456789'
const layer = createRedactLayer(
  createRedactor([{ kind: 'stdio', env: { API_KEY: SECRET }, args: [] }]),
  (result) => writtenOf(result)?.bytes,
)
const through = (answer: (call: Call) => Promise<Result>, more: Partial<Call> = {}) =>
  layer(answer)(callOf('alpha.tool', {}, more))
const giving = (result: Result) => through(() => Promise.resolve(result))
const failing = (error: unknown) =>
  through(() => Promise.reject(error as Error)).catch((thrown: unknown) => thrown)

/** A result as it comes over the wire, with its bytes. */
function received(bytes: string): Result {
  const message = JSON.parse(bytes) as JsonObject
  keepResultBytes(message, Buffer.from(bytes))
  return toResult('alpha', message['result'] as JsonObject, 'legacy')
}
const wire = (result: string) => `{"jsonrpc":"2.0","id":1,"result":${result}}`
const FILLER = 'x'.repeat(3_000)

test('a result without a secret is the same object, with the bytes that its server wrote', async () => {
  const result = received(wire(JSON.stringify(textResult(FILLER))))
  expect(writtenOf(result)).toBeDefined()
  expect(await giving(result)).toBe(result)
  const small = textResult('ok')
  expect(await giving(small)).toBe(small)
})

test.each([
  ['small', textResult(`key ${SECRET}`)],
  ['structured', { content: [], structuredContent: { env: { [SECRET]: [SECRET] } } }],
  ['failed', { ...textResult(SECRET), isError: true }],
  ['with more members', { ...textResult('ok'), _meta: { key: SECRET }, other: SECRET }],
  ['large', received(wire(JSON.stringify(textResult(FILLER + SECRET))))],
  [
    'large, with escapes',
    received(wire(JSON.stringify(textResult(FILLER + SECRET)).replace('sk-', '\\u0073k-'))),
  ],
])('a secret is taken out of a result: %s', async (_what, result) => {
  const clean = await giving(result)
  expect(JSON.stringify(clean)).not.toContain('canary')
  expect(JSON.stringify(clean)).toContain('[redacted]')
  expect(writtenOf(clean)).toBeUndefined()
  expect(Object.keys(clean)).toEqual(Object.keys(result))
})

test('bytes that say more than the object are not sent', async () => {
  const twice = `{"content":[],"a":"${SECRET}","a":"${FILLER}"}`
  const result = received(wire(twice))
  expect(writtenOf(result)?.bytes.toString()).toContain(SECRET)
  const clean = await giving(result)
  expect(writtenOf(clean)).toBeUndefined()
  expect(clean).toEqual({ content: [], a: FILLER })
})

test('a secret is taken out of another answer than that of a tool', async () => {
  const clean = await giving(replyResult({ contents: [{ uri: 'env://', text: SECRET }] }))
  expect(replyOf(clean)).toEqual({ contents: [{ uri: 'env://', text: '[redacted]' }] })
  const plain = replyResult({ contents: [] })
  expect(await giving(plain)).toBe(plain)
})

test('a secret is taken out of an error, of what the server said, and of what the log would say', async () => {
  const error = new GatewayError('upstream_failed', `it said ${SECRET}`, {
    detail: { upstreamMessage: SECRET, nearest: [SECRET] },
    rpc: { code: -32_000, message: SECRET, data: { env: [SECRET] } },
    cause: Object.assign(new TypeError(`inner ${SECRET}`), { config: { headers: { key: SECRET } } }),
  })
  const clean = await failing(error)
  expect(clean).toMatchObject({
    code: 'upstream_failed',
    message: 'it said [redacted]',
    detail: { upstreamMessage: '[redacted]', nearest: ['[redacted]'] },
    rpc: { code: -32_000, message: '[redacted]', data: { env: ['[redacted]'] } },
    cause: { name: 'TypeError', message: 'inner [redacted]' },
  })
  const { cause } = clean as Error
  expect((cause as Error).stack).toContain('[redacted]')
  expect(JSON.stringify([clean, cause, (cause as Error).stack, (clean as Error).stack])).not.toContain(
    'canary',
  )
})

test('an error without a secret is the same one', async () => {
  for (const error of [new GatewayError('internal', 'x', { cause: new Error('y') }), new TypeError('z')])
    expect(await failing(error)).toBe(error)
})

test('what is thrown and is no error is clean too', async () => {
  expect(await failing(SECRET)).toBe('[redacted]')
  expect(await failing({ key: SECRET })).toBeUndefined()
  const round: { self?: unknown } = {}
  round.self = round
  const clean = await failing(new GatewayError('internal', 'x', { cause: round }))
  expect((clean as Error).cause).toBeUndefined()
})

test('a secret is taken out of progress, of what the client is told, and of what it is asked', async () => {
  const heard: unknown[] = []
  const client: CallClient = {
    capabilities: { elicitation: {} },
    ask: (requests) => {
      heard.push(requests)
      return Promise.resolve({ one: { answer: SECRET } })
    },
    tell: (method, params) => void heard.push(method, params),
  }
  let answers: unknown
  await through(
    async (call) => {
      call.onProgress?.({ progress: 1, message: `at ${SECRET}` })
      call.onProgress?.({ progress: 2 })
      call.client?.tell('notifications/message', { data: { key: SECRET } })
      answers = await call.client?.ask({ one: { method: 'elicitation/create', params: { message: SECRET } } })
      return textResult('ok')
    },
    { onProgress: (progress) => void heard.push(progress), client },
  )
  expect(heard).toEqual([
    { progress: 1, message: 'at [redacted]' },
    { progress: 2 },
    'notifications/message',
    { data: { key: '[redacted]' } },
    { one: { method: 'elicitation/create', params: { message: '[redacted]' } } },
  ])
  // What the person says goes to the server as it is.
  expect(answers).toEqual({ one: { answer: SECRET } })
})
