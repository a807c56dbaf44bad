import { describe, expect, test } from 'vitest'

import type { Json } from '../../../src/core/json.ts'
import type { ChatMessage } from '../../../src/llm/chat/chat-model.ts'
import { messagesOf, startModelServer } from '../../bench/live/model-server.ts'
import { modelAt, never, request } from './models.ts'

describe.each(['openai', 'anthropic'] as const)('over the format of %s', (api) => {
  test('the model sees the system text, the tools and the goal, and its answer is read', async () => {
    await using server = await startModelServer(() => ({ text: 'Done.' }))
    const { model, pauses } = modelAt(api, server.url)
    const { message, usage, stop, timings } = await model.turn(request, never)
    expect(server.requests[0]).toMatchObject({
      api,
      system: 'You are at a gateway.',
      tools: ['desk__get', 'desk__close'],
      goal: 'Close the ticket.',
      body: { model: 'scripted-1', max_tokens: 1_000 },
    })
    expect(message).toMatchObject({ role: 'assistant', text: 'Done.', calls: [] })
    expect(stop).toBe('end')
    expect({ input: usage.input, output: usage.output }).toEqual(server.counted())
    expect(timings.wholeMs).toBeGreaterThanOrEqual(timings.firstByteMs)
    expect(pauses).toEqual([])
  })

  test('calls come back as calls, and their results go to the model under their ids', async () => {
    const calls = [
      { name: 'desk__get', args: { id: 'T-1' } },
      { name: 'desk__get', args: { id: 'T-2' } },
    ]
    await using server = await startModelServer(({ turn }) =>
      turn === 0 ? { text: 'I look.', calls } : { text: 'Both are open.' },
    )
    const { model } = modelAt(api, server.url)
    const first = await model.turn(request, never)
    expect(first.stop).toBe('calls')
    expect(first.message.calls.map(({ name, args }) => ({ name, args }))).toEqual(calls)
    const results = first.message.calls.map(({ id }, index) => ({
      id,
      text: `ticket ${index}`,
      isError: index === 1,
    }))
    const messages: readonly ChatMessage[] = [
      ...request.messages,
      first.message,
      { role: 'results', results },
    ]
    const second = await model.turn({ ...request, messages }, never)
    expect(second.message.text).toBe('Both are open.')
    expect(server.requests[1]?.results).toEqual(results.map(({ id, text }) => ({ id, text })))
    expect(second.usage.cachedInput).toBe(Math.floor(second.usage.input / 2))
  })

  test('without tools and without a system text neither is sent', async () => {
    await using server = await startModelServer(() => ({ text: 'Hello.' }))
    await modelAt(api, server.url).model.turn({ ...request, system: '', tools: [] }, never)
    expect(server.requests[0]?.body).not.toHaveProperty('tools')
    expect(server.requests[0]?.body).not.toHaveProperty('system')
    expect(server.requests[0]?.system).toBe('')
  })

  test.each([
    ['no object', '[1]', [1]],
    ['null', 'null', null],
    ['endlessly deep', `{"a":${'['.repeat(500)}${']'.repeat(500)}}`, { a: deep(500) }],
    ['not JSON', '{"id": ', 'T-1'],
  ])('arguments that are %s are a problem of the call, and are not sent back', async (_, text, value) => {
    const calls = [{ name: 'desk__get', args: api === 'openai' ? text : value }]
    await using server = await startModelServer(({ turn }) => (turn === 0 ? { calls } : { text: 'Sorry.' }))
    const { model } = modelAt(api, server.url)
    const { message } = await model.turn(request, never)
    expect(message.calls).toHaveLength(1)
    const [call] = message.calls
    expect(call?.args).toBeUndefined()
    expect(call?.problem).toMatch(/^The arguments of this call are /)
    const results = [{ id: call?.id ?? '', text: call?.problem ?? '', isError: true }]
    await model.turn(
      { ...request, messages: [...request.messages, message, { role: 'results', results }] },
      never,
    )
    const said = JSON.stringify(messagesOf(server.requests[1]).at(-2))
    expect(said).toContain(api === 'openai' ? '"arguments":"{}"' : '"input":{}')
  })
})

function deep(levels: number): Json {
  let value: Json = 1
  for (let level = 0; level < levels; level++) value = [value]
  return value
}
