import { describe, expect, test } from 'vitest'

import { startModelServer, type Policy, type Step } from '../../bench/live/model-server.ts'
import { caught, modelAt, never, request } from './models.ts'

/** Steps in turn; the last one for ever. */
function steps(...list: readonly Step[]): Policy {
  let at = 0
  return () => list[Math.min(at++, list.length - 1)] ?? 'reset'
}

describe.each(['openai', 'anthropic'] as const)('over the format of %s', (api) => {
  test.each([429, 500, 503, 529])('a status %d is waited out, each time longer', async (status) => {
    await using server = await startModelServer(steps({ status }, { status }, { text: 'Here.' }))
    const { model, pauses } = modelAt(api, server.url)
    expect((await model.turn(request, never)).message.text).toBe('Here.')
    expect(pauses).toEqual([1_000, 2_000])
  })

  test('an endpoint that says how long it wants to be left alone is left alone for so long', async () => {
    const soon = new Date(Date.now() + 60_000).toUTCString()
    await using server = await startModelServer(
      steps(
        { status: 429, headers: { 'retry-after': '17' } },
        { status: 529, headers: { 'retry-after': soon } },
        { status: 429, headers: { 'retry-after': '3', 'retry-after-ms': '9500' } },
        { text: 'Here.' },
      ),
    )
    const { model, pauses } = modelAt(api, server.url)
    await model.turn(request, never)
    expect(pauses[0]).toBe(17_000)
    expect(pauses[1]).toBeGreaterThan(50_000)
    expect(pauses[1]).toBeLessThanOrEqual(60_000)
    expect(pauses[2]).toBe(9_500)
  })

  test('an endpoint that asks for more than two minutes is not waited for', async () => {
    await using server = await startModelServer(
      steps({ status: 429, headers: { 'retry-after': '3600' } }, { text: 'Late.' }),
    )
    const { model, pauses } = modelAt(api, server.url)
    await expect(model.turn(request, never)).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(pauses).toEqual([])
  })

  test('attempts are bounded', async () => {
    await using server = await startModelServer(() => ({ status: 500 }))
    await expect(modelAt(api, server.url).model.turn(request, never)).rejects.toMatchObject({
      code: 'upstream_unavailable',
    })
    expect(server.requests).toHaveLength(5)
  })

  test('a connection that breaks is made again; where nobody listens that is said', async () => {
    const server = await startModelServer(steps('reset', { text: 'Here.' }))
    const { model, pauses } = modelAt(api, server.url)
    expect((await model.turn(request, never)).message.text).toBe('Here.')
    await server[Symbol.asyncDispose]()
    pauses.length = 0
    await expect(model.turn(request, never)).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000])
  })

  test('a silent endpoint is given up, and not asked again: the model may be writing', async () => {
    await using server = await startModelServer(() => 'hang')
    await expect(
      modelAt(api, server.url, { timeoutMs: 50 }).model.turn(request, never),
    ).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringContaining('50 ms') as string,
    })
    expect(server.requests).toHaveLength(1)
  })

  test('the caller ends a request and a pause with its own reason', async () => {
    const gone = new AbortController()
    await using silent = await startModelServer(() => {
      gone.abort(new Error('gone'))
      return 'hang'
    })
    await expect(modelAt(api, silent.url).model.turn(request, gone.signal)).rejects.toThrow('gone')
    await using server = await startModelServer(() => ({ status: 500 }))
    const later = new AbortController()
    const pausing = modelAt(api, server.url, {
      pause: () => {
        later.abort(new Error('later'))
        return Promise.reject(new Error('another one'))
      },
    })
    await expect(pausing.model.turn(request, later.signal)).rejects.toThrow('later')
  })

  test('an answer that is too large is refused', async () => {
    await using server = await startModelServer(() => ({ raw: ' '.repeat(9 * 1024 * 1024) }))
    await expect(modelAt(api, server.url).model.turn(request, never)).rejects.toMatchObject({
      code: 'upstream_too_large',
    })
  })

  test('a refusal is told with its status, in one bounded line, and is final', async () => {
    const message = `The prompt\u001b[31m is\ntoo long.${'x'.repeat(9_999)}`
    await using server = await startModelServer(() => ({ status: 400, body: { error: { message } } }))
    const error = await caught(modelAt(api, server.url).model.turn(request, never))
    expect(error).toMatchObject({ code: 'upstream_failed', detail: { status: 400 } })
    expect(error.message).toContain('status 400: The prompt [31m is too long.')
    expect(error.message.length).toBeLessThan(400)
    expect(server.requests).toHaveLength(1)
  })

  test('a redirect is not followed: the key is for this host', async () => {
    await using other = await startModelServer(() => ({ text: 'Give me the key.' }))
    await using server = await startModelServer(() => ({
      status: 307,
      headers: { location: `${other.url}/chat/completions` },
    }))
    await expect(modelAt(api, server.url).model.turn(request, never)).rejects.toMatchObject({
      code: 'upstream_failed',
    })
    expect(other.requests).toEqual([])
  })
})
