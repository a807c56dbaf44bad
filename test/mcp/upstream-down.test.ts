import { afterEach, describe, expect, test } from 'vitest'
import { callOf, closeAll, eventually, settle, start, stdioPlan } from './harness.ts'

afterEach(closeAll)

describe('an upstream that cannot be started', () => {
  test('says which command is missing, and a call says it too', async () => {
    const { backend } = await settle(stdioPlan('normal', [], { command: 'no-such-command-here' }))
    const reason = 'command not found: no-such-command-here'
    expect(backend.status()).toEqual({ state: 'down', reason })
    await expect(backend.call(callOf('x'))).rejects.toMatchObject({
      code: 'upstream_unavailable',
      message: expect.stringContaining(reason) as string,
    })
  })

  test('says which folder is missing', async () => {
    const { backend } = await settle(stdioPlan('normal', [], { cwd: '/no/such/folder' }))
    expect(backend.status()).toEqual({ state: 'down', reason: 'folder not found: /no/such/folder' })
  })

  test('says how it ended and what it wrote, without its secrets', async () => {
    const env = { API_TOKEN: 'the configuration', PLAIN: 'Error' }
    const { backend } = await settle(stdioPlan('probe', ['crashes'], { env }))
    expect(backend.status()).toEqual({
      state: 'down',
      reason: 'the server exited with code 7; the last lines of its stderr: Error: [redacted] is missing',
    })
  })

  test('says that it never answered', async () => {
    const timeouts = { connectMs: 1_000, listMs: 1_000, callMs: 1_000 }
    const plan = stdioPlan('normal', [], { args: ['-e', 'process.stdin.resume()'], timeouts })
    const { backend } = await settle(plan)
    expect(backend.status()).toEqual({ state: 'down', reason: 'no handshake within 1000 ms' })
  })

  test('is tried again by itself', async () => {
    const { backend, log } = await settle(stdioPlan('probe', ['crashes']))
    await eventually(() => {
      expect(log.filter(({ message }) => message.includes('down')).length).toBeGreaterThan(1)
    })
    expect(backend.status().state).toBe('down')
  })
})

describe('an upstream that is starting', () => {
  test('makes nobody wait but its own calls', async () => {
    const { backend } = start(stdioPlan('normal'))
    expect(backend.status()).toEqual({ state: 'starting' })
    expect(backend.tools()).toEqual([])
    expect(await backend.call(callOf('add', { a: 1, b: 1 }))).toMatchObject({ content: [{ text: '2' }] })
  })

  test('lets a caller go who does not want to wait', async () => {
    const { backend } = start(stdioPlan('probe', ['slow-start']))
    const signal = AbortSignal.timeout(200)
    await expect(backend.call(callOf('ok', {}, { signal }))).rejects.toMatchObject({ code: 'call_cancelled' })
    expect(backend.status()).toEqual({ state: 'starting' })
  })

  test('is connected once for many calls, also after a loss', async () => {
    const { backend, log } = start(stdioPlan('misbehaving'))
    const ready = (): number => log.filter(({ message }) => message.includes('ready')).length
    await Promise.all(Array.from({ length: 10 }, () => backend.call(callOf('ok'))))
    expect(ready()).toBe(1)
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    await backend.call(callOf('dies')).catch(() => {})
    await Promise.all(Array.from({ length: 10 }, () => backend.call(callOf('ok'))))
    expect(ready()).toBe(2)
  })
})

test('a closed upstream takes no calls', async () => {
  const { backend } = await settle(stdioPlan('normal'))
  await backend.close()
  await expect(backend.call(callOf('echo'))).rejects.toMatchObject({ code: 'upstream_unavailable' })
})
