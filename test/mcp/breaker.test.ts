import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createBreaker } from '../../src/mcp/upstream/calls/breaker.ts'
import type { Breaker, Verdict } from '../../src/mcp/upstream/calls/breaker.ts'
import { rawHandler, sendJson, startHttp } from '../fixtures/servers/http.ts'
import type { HttpFixture } from '../fixtures/servers/http.ts'
import { callOf, closeAll, eventually, httpPlan, settle, stdioPlan } from './harness.ts'

const LIMITS = { failures: 3, windowMs: 1_000, openMs: 100 }

describe('the breaker', () => {
  let nowMs = 0
  let breaker: Breaker
  beforeEach(() => {
    nowMs = 0
    breaker = createBreaker(LIMITS, { nowMs: () => nowMs, monotonicMs: () => nowMs })
  })
  function begin(): (verdict: Verdict) => void {
    const pass = breaker.enter()
    if (pass.isOpen) throw new Error('It is open.')
    return pass.end
  }
  const fail = (times: number): void => {
    for (let count = 0; count < times; count++) begin()('failed')
  }
  const isOpen = (): boolean => {
    const pass = breaker.enter()
    if (!pass.isOpen) pass.end('unknown')
    return pass.isOpen
  }

  test('opens after failures in a row, for a time, and says how long', () => {
    fail(2)
    expect(isOpen()).toBe(false)
    fail(1)
    nowMs = 40
    expect(breaker.enter()).toEqual({ isOpen: true, retryInMs: 60, failures: 3 })
    nowMs = 100
    expect(isOpen()).toBe(false)
  })

  test('an answer between them begins the row anew, and so does a long time', () => {
    fail(2)
    begin()('answered')
    fail(2)
    nowMs = 1_001
    fail(2)
    expect(isOpen()).toBe(false)
  })

  test('calls that were lost together are one failure', () => {
    const ends = Array.from({ length: 10 }, begin)
    for (const end of ends) end('failed')
    expect(isOpen()).toBe(false)
    fail(1)
    expect(isOpen()).toBe(false)
    fail(1)
    expect(isOpen()).toBe(true)
  })

  test('half open, it lets one through; an answer closes it, a failure opens it again', () => {
    fail(3)
    nowMs = 100
    const trial = begin()
    expect(isOpen()).toBe(true)
    trial('failed')
    nowMs = 150
    expect(breaker.enter()).toMatchObject({ isOpen: true, retryInMs: 50 })
    nowMs = 200
    begin()('answered')
    fail(2)
    expect(isOpen()).toBe(false)
  })

  test('a trial that is given up, or takes long, makes room for another', () => {
    fail(3)
    nowMs = 100
    begin()('unknown')
    begin()
    expect(isOpen()).toBe(true)
    nowMs = 200
    expect(isOpen()).toBe(false)
  })

  test('eased, it lets one through at once', () => {
    fail(3)
    breaker.ease()
    const trial = begin()
    expect(isOpen()).toBe(true)
    trial('answered')
    expect(isOpen()).toBe(false)
  })
})

describe('calls through the breaker', () => {
  const servers: HttpFixture[] = []
  afterEach(async () => {
    await closeAll()
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })

  test('are refused at once after failures of the way, and go again when it is mended', async () => {
    let calls = 0
    let isBroken = true
    const server = await startHttp(
      rawHandler((_name, id, response) => {
        calls += 1
        if (isBroken) response.writeHead(502).end('bad gateway')
        else sendJson(response, 200, { jsonrpc: '2.0', id, result: { content: [] } })
      }),
    )
    servers.push(server)
    const { backend } = await settle(httpPlan(server.url), { breaker: { ...LIMITS, openMs: 500 } })
    for (let count = 0; count < 3; count++) {
      await expect(backend.call(callOf('a'))).rejects.toMatchObject({ detail: { upstreamStatus: '502' } })
    }
    await expect(backend.call(callOf('a'))).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringMatching(
        /^"fixture": its circuit breaker is open after 3 failures in a row; it is tried again in \d s\.$/,
      ) as string,
      detail: { server: 'fixture', retryInMs: expect.any(Number) as number },
    })
    expect(calls).toBe(3)
    isBroken = false
    await eventually(async () => expect(await backend.call(callOf('a'))).toEqual({ content: [] }))
    expect(await backend.call(callOf('a'))).toEqual({ content: [] })
  })

  test('never count for what the server answers', async () => {
    const { backend } = await settle(stdioPlan('normal'), { breaker: LIMITS })
    for (let count = 0; count < 10; count++) {
      await expect(backend.call(callOf('rejects'))).rejects.toMatchObject({ code: 'upstream_failed' })
      expect(await backend.call(callOf('fails'))).toMatchObject({ isError: true })
      const signal = AbortSignal.timeout(20)
      await expect(backend.call(callOf('hang', {}, { signal }))).rejects.toMatchObject({
        code: 'call_cancelled',
      })
    }
    expect(await backend.call(callOf('add', { a: 1, b: 1 }))).toMatchObject({ content: [{ text: '2' }] })
  })

  test('that were all in flight when the server died do not keep it from being called again', async () => {
    const { backend } = await settle(stdioPlan('misbehaving'), { breaker: LIMITS })
    const lost = Array.from({ length: 10 }, () => backend.call(callOf('later')).catch(() => 'lost'))
    await backend.call(callOf('dies')).catch(() => {})
    expect(new Set(await Promise.all(lost))).toEqual(new Set(['lost']))
    await eventually(async () =>
      expect(await backend.call(callOf('ok'))).toMatchObject({ content: [{ text: 'ok' }] }),
    )
    const after = await Promise.all(Array.from({ length: 5 }, () => backend.call(callOf('ok'))))
    expect(after).toHaveLength(5)
  })
})
