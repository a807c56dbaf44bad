import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../../src/core/errors.ts'
import type { Json } from '../../../src/core/json.ts'
import { startModelServer } from '../../bench/live/model-server.ts'
import { modelAt, never, request, type Api } from './models.ts'

function asAnswer(api: Api, answer: { readonly [name: string]: Json }): Json {
  const usage =
    api === 'openai' ? { prompt_tokens: 1, completion_tokens: 1 } : { input_tokens: 1, output_tokens: 1 }
  return { usage, ...answer }
}

describe.each(['openai', 'anthropic'] as const)('over the format of %s', (api) => {
  test.each<[string, Json]>([
    ['none', null],
    ['a text', 'many'],
    ['negative', { prompt_tokens: -5, completion_tokens: 1, input_tokens: -5, output_tokens: 1 }],
    ['a fraction', { prompt_tokens: 5.5, completion_tokens: 1, input_tokens: 5.5, output_tokens: 1 }],
    ['in words', { prompt_tokens: '5', completion_tokens: '1', input_tokens: '5', output_tokens: '1' }],
    ['without output', { prompt_tokens: 5, input_tokens: 5 }],
    ['endless', { prompt_tokens: 1e300, completion_tokens: 1, input_tokens: 1e300, output_tokens: 1 }],
    [
      'a wrong cache',
      {
        prompt_tokens: 5,
        completion_tokens: 1,
        prompt_tokens_details: { cached_tokens: 6 },
        input_tokens: 5,
        output_tokens: 1,
        cache_read_input_tokens: -1,
      },
    ],
  ])('a usage that is %s is refused: what is measured hangs on it', async (_, usage) => {
    await using server = await startModelServer(() => ({ text: 'Hm.', usage: usage ?? false }))
    await expect(modelAt(api, server.url).model.turn(request, never)).rejects.toMatchObject({
      code: 'upstream_invalid',
    })
  })

  test.each<[string, string]>([
    ['no JSON', 'hello'],
    ['null', 'null'],
    ['a list', '[]'],
    ['empty', '{}'],
    ['nested without end', '['.repeat(100_000)],
    ['without a message', JSON.stringify(asAnswer(api, { choices: [{}], content: null }))],
    [
      'a call without a name',
      JSON.stringify(
        asAnswer(api, {
          choices: [{ message: { tool_calls: [{ id: 'a', function: {} }] } }],
          content: [{ type: 'tool_use', id: 'a' }],
        }),
      ),
    ],
    [
      'two calls with one id',
      JSON.stringify(
        asAnswer(api, {
          choices: [{ message: { tool_calls: twice({ id: 'a', function: { name: 'b', arguments: '' } }) } }],
          content: twice({ type: 'tool_use', id: 'a', name: 'b', input: {} }),
        }),
      ),
    ],
    [
      'calls without end',
      JSON.stringify(
        asAnswer(api, {
          choices: [
            { message: { tool_calls: many((id) => ({ id, function: { name: 'b', arguments: '' } })) } },
          ],
          content: many((id) => ({ type: 'tool_use', id, name: 'b', input: {} })),
        }),
      ),
    ],
  ])('an answer that is %s is refused', async (_, raw) => {
    await using server = await startModelServer(() => ({ raw }))
    await expect(modelAt(api, server.url).model.turn(request, never)).rejects.toMatchObject({
      code: 'upstream_invalid',
    })
  })

  test('whatever an endpoint answers, it is an answer or an error of the table', async () => {
    let raw = ''
    await using server = await startModelServer(() => ({ raw }))
    const { model } = modelAt(api, server.url)
    const member = fc.constantFrom(
      'choices',
      'message',
      'content',
      'tool_calls',
      'function',
      'name',
      'arguments',
      'id',
      'input',
      'type',
      'text',
      'usage',
      'prompt_tokens',
      'completion_tokens',
      'input_tokens',
      'output_tokens',
      '__proto__',
    )
    const garbage = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom<Json>(null, true, 1, -1, '', 'tool_use', 'text', '{'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(member, tie('value'), { maxKeys: 5 }),
      ),
    })).value
    await fc.assert(
      fc.asyncProperty(garbage, async (body) => {
        raw = JSON.stringify(body)
        const given: unknown = await model.turn(request, never).catch((error: unknown) => error)
        expect(
          given instanceof GatewayError ? given.code : (given as { message: { role: string } }).message.role,
        ).toMatch(/^(upstream_invalid|assistant)$/)
      }),
      { numRuns: 300 },
    )
  })
})

function twice(entry: Json): readonly Json[] {
  return [entry, entry]
}

function many(of: (id: string) => Json): readonly Json[] {
  return Array.from({ length: 300 }, (_, index) => of(`id-${index}`))
}
