import { request } from 'node:http'

import { describe, expect, test } from 'vitest'

import { GatewayError } from '../../src/core/errors.ts'
import { bearer, DOOR_TOKEN, openKeyDoor } from './key-door.ts'

const ADMIN = 'admin'

/** The status and the text of an answer. */
async function said(answer: Promise<Response>): Promise<readonly [number, string]> {
  const response = await answer
  return [response.status, await response.text()]
}

/** Sends headers exactly as they stand, twice the same name included. */
function raw(url: string, headers: readonly string[]): Promise<number> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, path: '/who', headers: ['Host', `${hostname}:${port}`, ...headers] },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      },
    )
    sent.on('error', reject)
    sent.end()
  })
}

describe('a virtual key', () => {
  test('is let in by each of three headers, as itself', async () => {
    const { desk, ask } = await openKeyDoor()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    for (const headers of [bearer(secret), { 'x-api-key': secret }, { 'x-isogate-key': secret }])
      expect(await said(ask(headers))).toEqual([200, 'key:ci'])
    expect(await said(ask(bearer(DOOR_TOKEN)))).toEqual([200, 'token'])
  })

  test('is not let in by its name, its hint, or from the path or the query', async () => {
    const { desk, ask } = await openKeyDoor()
    const { secret, key } = await desk.keys.create('ci', {}, ADMIN)
    const hint = key.secrets[0]?.hint ?? ''
    for (const wrong of ['ci', 'key:ci', hint, `${secret}x`, secret.toUpperCase()])
      expect((await ask(bearer(wrong))).status).toBe(401)
    for (const query of ['key', 'api_key', 'x-api-key', 'token', 'access_token', 'principal'])
      expect((await ask({}, `/who?${query}=${secret}`)).status).toBe(401)
    expect((await ask({}, `/who/${secret}`)).status).toBe(401)
  })

  test('of two headers that disagree none counts, whichever comes first', async () => {
    const { desk, server } = await openKeyDoor()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    const other = (await desk.keys.create('cd', {}, ADMIN)).secret
    const both = (a: readonly string[], b: readonly string[]) => [
      raw(server.url, [...a, ...b]),
      raw(server.url, [...b, ...a]),
    ]
    const answers = await Promise.all([
      ...both(['Authorization', `Bearer ${secret}`], ['Authorization', `Bearer ${other}`]),
      ...both(['X-Api-Key', secret], ['X-Api-Key', other]),
      ...both(['X-Api-Key', secret], ['X-Isogate-Key', other]),
      ...both(['Authorization', `Bearer ${secret}`], ['X-Api-Key', other]),
      ...both(['Authorization', `Bearer ${DOOR_TOKEN}`], ['X-Api-Key', secret]),
      ...both(['Authorization', `Bearer ${secret}`], ['authorization', `Bearer ${secret}`]),
    ])
    expect(answers).toEqual(answers.map(() => 401))
    expect(await raw(server.url, ['Authorization', `Bearer ${secret}`, 'X-Api-Key', secret])).toBe(200)
  })

  test('does not read the metrics, which name what others use', async () => {
    const { desk, ask } = await openKeyDoor()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    const [status, text] = await said(ask(bearer(secret), '/metrics'))
    expect([status, text.includes('vault')]).toEqual([404, false])
    expect(await said(ask(bearer(DOOR_TOKEN), '/metrics'))).toEqual([200, 'calls{tool="vault.open"} 1\n'])
  })

  test('many at the same time are each themselves', async () => {
    const { desk, ask } = await openKeyDoor()
    const names = Array.from({ length: 20 }, (_, index) => `k${index}`)
    const keys = await Promise.all(
      names.map(async (id) => ({ id, secret: (await desk.keys.create(id, {}, ADMIN)).secret })),
    )
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const { id, secret } = keys[index % keys.length] ?? { id: '', secret: '' }
        return (await (await ask(bearer(secret))).text()) === `key:${id}`
      }),
    )
    expect(answers.every(Boolean)).toBe(true)
  })
})

describe('revoked', () => {
  test('every request after revoke has resolved is refused, on connections that were in use too', async () => {
    const { desk, ask } = await openKeyDoor()
    for (let round = 0; round < 10; round++) {
      const id = `k${round}`
      const { secret } = await desk.keys.create(id, {}, ADMIN)
      const isOver = { now: false }
      const statuses: (readonly [boolean, number])[] = []
      const callers = Array.from({ length: 8 }, async () => {
        for (let count = 0; count < 12; count++) {
          const wasOver = isOver.now
          statuses.push([wasOver, (await ask(bearer(secret))).status])
        }
      })
      await desk.keys.revoke(id, ADMIN)
      isOver.now = true
      await Promise.all(callers)
      statuses.push([true, (await ask(bearer(secret))).status])
      expect(statuses.filter(([wasOver, status]) => wasOver && status !== 401)).toEqual([])
      expect(statuses.some(([wasOver]) => wasOver)).toBe(true)
    }
  })

  test('says so to whoever has the key, with its code', async () => {
    const { desk, ask } = await openKeyDoor()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    await desk.keys.revoke('ci', ADMIN)
    const answer = await ask(bearer(secret))
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="isogate"'])
    expect(await answer.json()).toMatchObject({ error: { data: { code: 'key_revoked' } } })
  })

  test('ends its streams, and leaves those of others open', async () => {
    const { desk, ask } = await openKeyDoor()
    const mine = await desk.keys.create('mine', {}, ADMIN)
    const other = await desk.keys.create('other', {}, ADMIN)
    const [ended, open, tokens] = await Promise.all(
      [mine.secret, other.secret, DOOR_TOKEN].map((secret) => ask(bearer(secret), '/stream')),
    )
    await desk.keys.revoke('mine', ADMIN)
    await expect(ended?.text()).rejects.toThrow('terminated')
    for (const stream of [open, tokens]) {
      const reader = stream?.body?.getReader()
      expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('begun\n')
      const next = reader?.read().then(() => 'ended')
      expect(await Promise.race([next, new Promise((resolve) => setTimeout(resolve, 50, 'open'))])).toBe(
        'open',
      )
      await reader?.cancel()
    }
  })
})

describe('a rate of requests', () => {
  test('that is used up answers 429 and says when to come again', async () => {
    const seen: (string | undefined)[] = []
    const { desk, ask } = await openKeyDoor({
      takeRequest: ({ key }) => {
        seen.push(key)
        if (seen.length > 2)
          throw new GatewayError('rate_limited', 'Too many.', { detail: { retryAfterMs: 1_200 } })
      },
    })
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    expect((await ask(bearer(secret))).status).toBe(200)
    expect((await ask(bearer(DOOR_TOKEN))).status).toBe(200)
    expect((await ask(bearer('isk_wrong'))).status).toBe(401)
    const answer = await ask(bearer(secret))
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2'])
    expect(await answer.json()).toMatchObject({
      error: { data: { code: 'rate_limited', retryAfterMs: 1_200 } },
    })
    expect(seen).toEqual(['ci', undefined, 'ci'])
  })
})

describe('logins', () => {
  test('the first of each principal is told of, once', async () => {
    const { desk, ask, logins } = await openKeyDoor()
    await desk.teams.create('data', {}, ADMIN)
    const { secret } = await desk.keys.create('ci', { team: 'data' }, ADMIN)
    for (let count = 0; count < 3; count++) await ask(bearer(secret))
    await ask(bearer(DOOR_TOKEN))
    expect(logins).toMatchObject([
      { kind: 'login', principal: 'key:ci', team: 'data', outcome: 'ok' },
      { kind: 'login', principal: 'token', outcome: 'ok' },
    ])
  })

  test('refusals are told of, of a flood only some, and how many more there were', async () => {
    const { desk, ask, logins } = await openKeyDoor()
    const { secret } = await desk.keys.create('ci', {}, ADMIN)
    await desk.keys.revoke('ci', ADMIN)
    await ask(bearer(secret))
    for (let count = 0; count < 20; count++) await ask(bearer('isk_guessed'))
    await expect.poll(() => logins.at(-1)?.detail, { timeout: 5_000 }).toHaveProperty('more')
    const refused = { kind: 'login.refused', outcome: 'refused' }
    expect(logins[0]).toMatchObject({
      ...refused,
      principal: 'key:ci',
      code: 'key_revoked',
      detail: { address: '127.0.0.1' },
    })
    expect(logins[1]).toMatchObject({ ...refused, principal: 'unknown', code: 'unauthorized' })
    const more = logins.map(({ detail }) => (detail as { more?: number } | undefined)?.more ?? 1)
    expect(more.reduce((sum, count) => sum + count, 0)).toBe(21)
    expect(JSON.stringify(logins)).not.toMatch(/isk_/)
  })
})
