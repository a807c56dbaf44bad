import { expect, test } from 'vitest'

import type { Json } from '../../../src/core/json.ts'
import type { ChatRequest } from '../../../src/llm/chat/chat-model.ts'
import { messagesOf, startModelServer } from '../../bench/live/model-server.ts'
import { KEY, modelAt } from './models.ts'

const never = new AbortController().signal
const schema = { type: 'object', properties: { id: { type: 'string' } } }
const request: ChatRequest = {
  system: 'Rules.',
  tools: [
    { name: 'a', description: 'A.', inputSchema: schema },
    { name: 'b', inputSchema: schema },
  ],
  messages: [{ role: 'user', text: 'Go.' }],
}

test('OpenAI: the request is as the reference has it', async () => {
  await using server = await startModelServer(() => ({ text: 'Gone.' }))
  await modelAt('openai', server.url, { temperature: 0 }).model.turn(request, never)
  expect(server.requests[0]?.path).toBe('/v1/chat/completions')
  expect(server.requests[0]?.headers['authorization']).toBe(`Bearer ${KEY}`)
  expect(server.requests[0]?.body).toEqual({
    model: 'scripted-1',
    messages: [
      { role: 'system', content: 'Rules.' },
      { role: 'user', content: 'Go.' },
    ],
    tools: [
      { type: 'function', function: { name: 'a', description: 'A.', parameters: schema } },
      { type: 'function', function: { name: 'b', parameters: schema } },
    ],
    max_tokens: 1_000,
    temperature: 0,
  })
})

test('OpenAI: the address of the endpoint itself will do, and no key is sent where there is none', async () => {
  await using server = await startModelServer(() => ({ text: 'Gone.' }))
  const parts = { url: `${server.url}/chat/completions`, apiKey: undefined } as unknown as { url: string }
  await modelAt('openai', server.url, parts).model.turn(request, never)
  expect(server.requests[0]?.path).toBe('/v1/chat/completions')
  expect(server.requests[0]?.headers).not.toHaveProperty('authorization')
})

test('OpenAI: a model that refuses max_tokens is asked again with its newer name, and from then on', async () => {
  await using server = await startModelServer(({ body }) =>
    'max_tokens' in body
      ? {
          status: 400,
          body: {
            error: { message: 'Unsupported parameter.', param: 'max_tokens', code: 'unsupported_parameter' },
          },
        }
      : { text: 'Gone.' },
  )
  const { model } = modelAt('openai', server.url)
  await model.turn(request, never)
  await model.turn(request, never)
  expect(server.requests.map(({ body }) => [body['max_tokens'], body['max_completion_tokens']])).toEqual([
    [1_000, undefined],
    [undefined, 1_000],
    [undefined, 1_000],
  ])
})

test('OpenAI: members that only the provider knows go back with the message that had them', async () => {
  await using server = await startModelServer(({ turn }) =>
    turn === 0
      ? {
          calls: [{ name: 'a', args: '{ "id":  "1" }', id: null }],
          extra: { reasoning_content: 'Let me see.', annotations: [] },
        }
      : { text: 'Gone.' },
  )
  const { model } = modelAt('openai', server.url)
  const { message } = await model.turn(request, never)
  const results = message.calls.map(({ id }) => ({ id, text: 'ok', isError: false }))
  await model.turn(
    { ...request, messages: [...request.messages, message, { role: 'results', results }] },
    never,
  )
  expect(messagesOf(server.requests[1]).slice(2)).toEqual([
    {
      role: 'assistant',
      content: null,
      reasoning_content: 'Let me see.',
      tool_calls: [
        {
          id: 'call_0',
          type: 'function',
          extra_content: { signature: 's-0' },
          function: { name: 'a', arguments: '{ "id":  "1" }' },
        },
      ],
    },
    { role: 'tool', tool_call_id: 'call_0', content: 'ok' },
  ])
})

test('OpenAI: usage with and without details, and with a count of hits beside them', async () => {
  const usages: readonly Json[] = [
    {
      prompt_tokens: 10,
      completion_tokens: 2,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 3 },
    },
    { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: null },
    { prompt_tokens: 10, completion_tokens: 2, prompt_cache_hit_tokens: 6 },
  ]
  let at = 0
  await using server = await startModelServer(() => ({ text: 'Gone.', usage: usages[at++] ?? null }))
  const { model } = modelAt('openai', server.url)
  expect((await model.turn(request, never)).usage).toEqual({
    input: 10,
    cachedInput: 4,
    cacheWrite: 3,
    output: 2,
  })
  expect((await model.turn(request, never)).usage).toEqual({
    input: 10,
    cachedInput: 0,
    cacheWrite: 0,
    output: 2,
  })
  expect((await model.turn(request, never)).usage).toEqual({
    input: 10,
    cachedInput: 6,
    cacheWrite: 0,
    output: 2,
  })
})

test('Anthropic: the last tool, the system text and the last message are marked for the cache', async () => {
  const mark = { cache_control: { type: 'ephemeral' } }
  await using server = await startModelServer(({ turn }) =>
    turn === 0
      ? {
          calls: [
            { name: 'a', args: { id: '1' } },
            { name: 'b', args: {} },
          ],
        }
      : { text: 'Gone.' },
  )
  const { model } = modelAt('anthropic', server.url)
  const { message } = await model.turn(request, never)
  const results = message.calls.map(({ id }, index) => ({ id, text: 'ok', isError: index === 0 }))
  await model.turn(
    { ...request, messages: [...request.messages, message, { role: 'results', results }] },
    never,
  )
  const [first, second] = server.requests
  expect(first?.path).toBe('/v1/messages')
  expect(first?.headers).toMatchObject({ 'x-api-key': KEY, 'anthropic-version': '2023-06-01' })
  expect(first?.body).toEqual({
    model: 'scripted-1',
    max_tokens: 1_000,
    system: [{ type: 'text', text: 'Rules.', ...mark }],
    tools: [
      { name: 'a', description: 'A.', input_schema: schema },
      { name: 'b', input_schema: schema, ...mark },
    ],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Go.', ...mark }] }],
  })
  expect(second?.body['messages']).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Go.' }] },
    {
      role: 'assistant',
      // The empty text that came along would be refused.
      content: [
        { type: 'tool_use', id: 'toolu_0', name: 'a', input: { id: '1' } },
        { type: 'tool_use', id: 'toolu_1', name: 'b', input: {} },
      ],
    },
    {
      role: 'user',
      content: [
        { type: 'tool_result', tool_use_id: 'toolu_0', content: 'ok', is_error: true },
        { type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok', ...mark },
      ],
    },
  ])
})

test.each(['', '/', '/v1', '/v1/', '/v1/messages'])('Anthropic: the address may end in "%s"', async (end) => {
  await using server = await startModelServer(() => ({ text: 'Gone.' }))
  await modelAt('anthropic', server.url.replace('/v1', end)).model.turn(request, never)
  expect(server.requests[0]?.path).toBe('/v1/messages')
})

test('Anthropic: what is read from the cache and written into it is a part of the input', async () => {
  const usage = {
    input_tokens: 7,
    cache_read_input_tokens: 100,
    cache_creation_input_tokens: 20,
    output_tokens: 5,
  }
  await using server = await startModelServer(() => ({ text: 'Gone.', usage }))
  const { model } = modelAt('anthropic', server.url)
  expect((await model.turn(request, never)).usage).toEqual({
    input: 127,
    cachedInput: 100,
    cacheWrite: 20,
    output: 5,
  })
})
