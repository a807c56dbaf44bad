import { describe, expect, test } from 'vitest'

import type { GatewayError } from '../../../src/core/errors.ts'
import { startModelServer } from '../../bench/live/model-server.ts'
import { caught, KEY, modelAt, never, request } from './models.ts'

describe.each(['openai', 'anthropic'] as const)('over the format of %s', (api) => {
  test.each([401, 403, 400, 404, 429, 500, 200])(
    'status %d: the key stands in no error and in no answer',
    async (status) => {
      const message = `Wrong key ${KEY}, that is Bearer ${KEY.slice(0, 14)}***${KEY.slice(-9)}`
      await using server = await startModelServer(() =>
        status === 200
          ? { text: `Your key is ${KEY}`, calls: [{ name: KEY, args: { key: KEY } }] }
          : { status, body: { error: { message, param: KEY } } },
      )
      const { model } = modelAt(api, server.url)
      const told = await model.turn(request, never).catch((error: unknown) => ({
        message: (error as GatewayError).message,
        detail: (error as GatewayError).detail,
        cause: String((error as GatewayError).cause),
        stack: (error as GatewayError).stack,
      }))
      expect(server.requests[0]?.headers[api === 'openai' ? 'authorization' : 'x-api-key']).toContain(KEY)
      const text = JSON.stringify(told)
      for (let at = 0; at + 8 <= KEY.length; at++) expect(text).not.toContain(KEY.slice(at, at + 8))
    },
  )

  test.each([401, 403])(
    'where a key is refused (status %d), nothing of what is said about it is quoted',
    async (status) => {
      await using server = await startModelServer(() => ({
        status,
        body: { error: { message: 'Wrong key ending in hLu2' } },
      }))
      const error = await caught(modelAt(api, server.url).model.turn(request, never))
      expect(error.message).toBe(
        `The model at ${new URL(server.url).host} refuses the API key (status ${status}).`,
      )
    },
  )

  test('a key that no header can carry is refused and not quoted; a placeholder is no secret', async () => {
    expect(() => modelAt(api, 'http://127.0.0.1:1/v1', { apiKey: `${KEY}\nx: y` })).toThrow(
      /^The API key of the model has/,
    )
    expect(() => modelAt(api, 'ftp://key@host/v1')).toThrow(/^The address of the model must/)
    await using server = await startModelServer(() => ({ text: 'There is none.' }))
    const { message } = await modelAt(api, server.url, { apiKey: 'none' }).model.turn(request, never)
    expect(message.text).toBe('There is none.')
  })
})
