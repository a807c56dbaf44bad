import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { eventually } from '../mcp/harness.ts'
import { DOORS, keyOf, type GovernedDoor } from './doors.ts'
import type { DoorClient } from './forms.ts'
import { openGovernedHouse, type GovernedHouse } from './house.ts'
import { expectNoted } from './noted.ts'
import { codeOf, mainText, type Reply } from './reply.ts'

let house: GovernedHouse
beforeAll(async () => {
  house = await openGovernedHouse('keys')
})
afterAll(() => house.close())

const BY_SCRIPT = 'code.run_script'
const HOUR_MS = 3_600_000
/** Those at which somebody has a key. */
const KEYED = DOORS.filter(({ hasKeys }) => hasKeys)

describe.each(KEYED)('$name', (door) => {
  test.runIf(door.by !== BY_SCRIPT)('a key that is revoked is refused from the next call on', async () => {
    const id = keyOf(door, 'gone')
    const secret = await house.newKey(id)
    const mine = await door.open(house, id, secret)
    expect(codeOf(await mine.call('alpha.say', { order: id }))).toBeUndefined()
    const from = await house.mark()
    await house.gateway.governance.identities.keys.revoke(id, 'admin')
    expect(await refusalAt(door, mine, id)).toBe('key_revoked')
    expect(house.reached('say', id)).toBe(1)
    await expectRefused(door, mine, id, from)
    await mine.close()
  })

  describe.runIf(door.by === BY_SCRIPT)('a script whose key is revoked while it runs', () => {
    const id = keyOf(door, 'mid')
    let mine: DoorClient
    let reply: Reply | undefined
    let from = 0

    beforeAll(async () => {
      mine = await door.open(house, id, await house.newKey(id))
      from = await house.mark()
      // It would go on whatever it is told.
      const running = mine.run?.(`const heard = [await tools.alpha.hang({ order: '${id}' })]
for (let count = 0; count < 3; count++)
  heard.push(await tools.alpha.say({ order: '${id}' }).catch(({ code }) => code))
return heard`)
      await eventually(() => expect(house.reached('hang', id)).toBe(1))
      await house.gateway.governance.identities.keys.revoke(id, 'admin')
      house.release()
      reply = await running
    })
    afterAll(() => mine.close())

    test('reaches nothing any more, and neither does the key', async () => {
      expect(house.reached('say', id)).toBe(0)
      expect(await refusalAt(door, mine, id)).toBe('key_revoked')
      expect(house.reached('say', id)).toBe(0)
    })

    test('is recorded with the call that was refused', async () => {
      const calls = (await house.since(from)).filter(({ principal: who }) => who === `key:${id}`)
      const refused = calls.filter(({ door: at, code }) => at === 'script' && code === 'key_revoked')
      expect(refused.map(({ tool }) => tool)).toContain('alpha.say')
    })

    test('ends at that call, whatever it catches', () => {
      expect(mainText(reply ?? {})).not.toContain('released')
      expect(reply?.text).toContain('key_revoked')
    })
  })

  test.runIf(door.stream)('an open stream is closed when its key is revoked', async () => {
    const id = keyOf(door, 'stream')
    const secret = await house.newKey(id)
    const stream = await door.stream?.(house, secret)
    expect(stream?.headers.get('content-type')).toContain('text/event-stream')
    const ended = stream?.text().then(
      () => 'ended',
      () => 'ended',
    )
    await house.gateway.governance.identities.keys.revoke(id, 'admin')
    expect(await ended).toBe('ended')
  })
})

describe('a key that has expired', () => {
  const clients = new Map<string, DoorClient>()
  const streams: Promise<string>[] = []
  let from = 0

  beforeAll(async () => {
    const expires = new Date(Date.now() + HOUR_MS).toISOString()
    for (const door of KEYED) {
      const id = keyOf(door, 'late')
      const secret = await house.newKey(id, { expires })
      const client = await door.open(house, id, secret)
      expect(codeOf(await client.call('alpha.say', { order: id }))).toBeUndefined()
      clients.set(door.name, client)
      const stream = await door.stream?.(house, secret)
      if (stream !== undefined) streams.push(stream.text().catch(() => 'ended'))
    }
    from = await house.mark()
    house.advance(2 * HOUR_MS)
  })
  afterAll(() => Promise.all([...clients.values()].map((client) => client.close())))

  test.each(KEYED)('is refused: $name', async (door) => {
    const client = clients.get(door.name)
    if (client === undefined) throw new Error(door.name)
    const id = keyOf(door, 'late')
    expect(await refusalAt(door, client, id)).toBe('key_revoked')
    expect(house.reached('say', id)).toBe(1)
    await expectRefused(door, client, id, from)
  })

  test('has no stream open any more', async () => {
    expect(streams.length).toBeGreaterThan(0)
    await Promise.all(streams)
  })
})

/** The code of the refusal of a call by a key that does not hold any more. */
async function refusalAt({ name }: GovernedDoor, client: DoorClient, order: string): Promise<string> {
  if (name !== 'HTTP+SSE') return codeOf(await client.call('alpha.say', { order })) ?? 'nothing'
  // Its SDK says the answer of the door in a text only.
  const thrown = await client.call('alpha.say', { order }).catch((error: unknown) => String(error))
  return /key_revoked/.exec(JSON.stringify(thrown))?.[0] ?? JSON.stringify(thrown)
}

/** An HTTP door refuses the request before it is a call, and tells of so many refusals in a second only; elsewhere each call is recorded. */
async function expectRefused(
  door: GovernedDoor,
  client: DoorClient,
  id: string,
  from: number,
): Promise<void> {
  const refused = { outcome: 'refused', code: 'key_revoked' } as const
  if (door.knock === undefined) return expectNoted(house, id, from, [{ kind: 'call', ...refused }])
  const mine = async (): Promise<readonly unknown[]> => {
    const noted = (await house.since(from, ['call', 'login', 'login.refused'])).filter(
      ({ principal }) => principal === `key:${id}`,
    )
    if (noted.length === 0) expect(await refusalAt(door, client, id)).toBe('key_revoked')
    return [...new Set(noted.map(({ kind, outcome, code }) => JSON.stringify({ kind, outcome, code })))]
  }
  const expected = [JSON.stringify({ kind: 'login.refused', ...refused })]
  await expect.poll(mine, { timeout: 5_000, interval: 100 }).toEqual(expected)
}
