import { afterEach, describe, expect, test } from 'vitest'
import { GatewayError } from '../../src/core/errors.ts'
import type { Progress } from '../../src/core/call.ts'
import { callOf, closeAll, eventually, settle, stdioPlan } from './harness.ts'

afterEach(closeAll)

describe('a call to an ordinary server', () => {
  test('is answered, with arguments and _meta as they were', async () => {
    const { backend } = await settle(stdioPlan('normal'))
    expect(backend.status()).toEqual({ state: 'ready' })
    const meta = { traceparent: '00-1', progressToken: 'of-the-caller' }
    const result = await backend.call(callOf('echo', { a: [1, { b: null }] }, { meta }))
    expect(result.structuredContent).toEqual({ args: { a: [1, { b: null }] }, meta: { traceparent: '00-1' } })
    expect(await backend.call(callOf('add', { a: 2, b: 3 }))).toEqual({
      content: [{ type: 'text', text: '5' }],
    })
  })

  test("gives the tool's own failure as a result", async () => {
    const { backend } = await settle(stdioPlan('normal'))
    expect(await backend.call(callOf('fails'))).toEqual({
      content: [{ type: 'text', text: 'it went wrong' }],
      isError: true,
    })
  })

  test('gives a protocol error as upstream_failed with code, message and data', async () => {
    const { backend } = await settle(stdioPlan('normal'))
    await expect(backend.call(callOf('rejects'))).rejects.toMatchObject({
      code: 'upstream_failed',
      detail: {
        server: 'fixture',
        upstreamCode: '-32042',
        upstreamMessage: 'not today',
        upstreamData: '{"day":"Tuesday","uri":"x://y"}',
      },
    })
  })

  test('reports progress', async () => {
    const { backend } = await settle(stdioPlan('normal'))
    const seen: Progress[] = []
    await backend.call(callOf('progress', {}, { onProgress: (progress) => seen.push(progress) }))
    expect(seen).toEqual([1, 2, 3].map((progress) => ({ progress, total: 3, message: `step ${progress}` })))
  })

  test('keeps a hundred calls apart', async () => {
    const { backend } = await settle(stdioPlan('normal'))
    const sums = await Promise.all(
      Array.from({ length: 100 }, (_, a) => backend.call(callOf('add', { a, b: 1 }))),
    )
    expect(sums.map((sum) => sum.content[0]?.['text'])).toEqual(sums.map((_, a) => String(a + 1)))
  })

  test('tells a server that asks back that there is no such method', async () => {
    const { backend } = await settle(stdioPlan('normal'))
    expect(await backend.call(callOf('ask'))).toEqual({ content: [{ type: 'text', text: 'asked' }] })
    expect(backend.status()).toEqual({ state: 'ready' })
  })
})

describe('a call that is given up', () => {
  test('is cancelled upstream, with its id', async () => {
    const { backend } = await settle(stdioPlan('normal'))
    const controller = new AbortController()
    const hanging = backend.call(callOf('hang', {}, { signal: controller.signal }))
    setTimeout(() => controller.abort(), 100)
    await expect(hanging).rejects.toMatchObject({ code: 'call_cancelled' })
    const { structuredContent } = await backend.call(callOf('cancelled'))
    const { ids, last } = structuredContent as { ids: number[]; last: number }
    expect(ids).toEqual([last - 1])
  })

  test('rejects with the error of the layer that gave it up', async () => {
    const { backend } = await settle(stdioPlan('normal'))
    const timeout = new GatewayError('call_timeout', 'Too late.')
    const controller = new AbortController()
    const hanging = backend.call(callOf('hang', {}, { signal: controller.signal }))
    setTimeout(() => controller.abort(timeout), 100)
    await expect(hanging).rejects.toBe(timeout)
    await expect(backend.call(callOf('add', {}, { signal: controller.signal }))).rejects.toBe(timeout)
  })
})

describe('a server that goes wrong', () => {
  test('dies in mid-call: the calls under way fail, and it is connected again', async () => {
    const { backend } = await settle(stdioPlan('misbehaving'))
    await expect(backend.call(callOf('dies'))).rejects.toMatchObject({
      code: 'upstream_closed',
      message: expect.stringMatching(/exited with code 3.*out of cheese/) as string,
    })
    expect(backend.status().state).toBe('down')
    expect(backend.tools().length).toBeGreaterThan(0)
    await eventually(() => expect(backend.status().state).toBe('ready'))
    expect(await backend.call(callOf('ok'))).toMatchObject({ content: [{ text: 'ok' }] })
  })

  test('closes its output: the call fails at once', async () => {
    const { backend } = await settle(stdioPlan('misbehaving'))
    await expect(backend.call(callOf('closes_stdout'))).rejects.toMatchObject({ code: 'upstream_closed' })
  })

  test('prints banners to stdout: they are noted and passed over', async () => {
    const { backend, log } = await settle(stdioPlan('misbehaving'))
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(log.filter(({ message }) => message.includes('not JSON-RPC'))).toHaveLength(1)
  })

  test.for(['text_result', 'no_content', 'bad_block'])('answers with %s: upstream_invalid', async (name) => {
    const { backend } = await settle(stdioPlan('misbehaving'))
    await expect(backend.call(callOf(name))).rejects.toMatchObject({ code: 'upstream_invalid' })
    expect(backend.status()).toEqual({ state: 'ready' })
  })

  test('uses wrong ids and answers twice: each call gets only its own answer', async () => {
    const { backend } = await settle(stdioPlan('misbehaving'))
    const text = async (name: string): Promise<unknown> =>
      (await backend.call(callOf(name))).content[0]?.['text']
    expect(await text('wrong_id')).toBe('mine')
    expect(await text('twice')).toBe('first')
    expect(await text('ok')).toBe('ok')
    expect(await text('invalid_utf8')).toMatch(/^a\uFFFD+$/)
  })

  test.for(['huge_id_first', 'huge_id_last'])('sends 100 MB (%s): only that call fails', async (name) => {
    const { backend } = await settle(stdioPlan('misbehaving'))
    const other = backend.call(callOf('later'))
    await expect(backend.call(callOf(name))).rejects.toMatchObject({ code: 'upstream_too_large' })
    expect(await other).toMatchObject({ content: [{ text: 'later' }] })
    expect(await backend.call(callOf('huge_notification'))).toMatchObject({ content: [{ text: 'after' }] })
    expect(backend.status()).toEqual({ state: 'ready' })
  })

  test('sends 100 MB that belong to nobody: what is under way fails, the connection stays', async () => {
    const { backend } = await settle(stdioPlan('misbehaving'))
    await expect(backend.call(callOf('huge_hidden'))).rejects.toMatchObject({ code: 'upstream_too_large' })
    expect(await backend.call(callOf('ok'))).toMatchObject({ content: [{ text: 'ok' }] })
  })

  test('sends messages that make their reader throw: they are passed over', async () => {
    const { backend } = await settle(stdioPlan('misbehaving'))
    expect(await backend.call(callOf('hostile'))).toMatchObject({ content: [{ text: 'still there' }] })
    expect(backend.status()).toEqual({ state: 'ready' })
  })

  test('stops reading: what waits for it is bounded', async () => {
    const { backend } = await settle(stdioPlan('misbehaving'))
    await backend.call(callOf('goes_deaf'))
    const args = { text: 'x'.repeat(10_000_000) }
    const controller = new AbortController()
    const waiting = Array.from({ length: 9 }, () =>
      backend.call(callOf('ok', args, { signal: controller.signal })),
    )
    const outcomes = Promise.allSettled(waiting)
    await expect(waiting[8]).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringContaining('does not read') as string,
    })
    controller.abort()
    expect((await outcomes).every(({ status }) => status === 'rejected')).toBe(true)
  })
})
