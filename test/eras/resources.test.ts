import { setTimeout as sleep } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { NOTE } from './fixture/surface.ts'
import { openEraHouse, SERVERS, until, type EraHouse } from './house.ts'
import { connect, connectAll, KINDS, SINGLE, withStdio, type Kind, type ServerClient } from './places.ts'

let house: EraHouse
beforeAll(async () => {
  // One process for all: what one client changes, another hears of.
  house = await openEraHouse({ oneServer: { legacyStdio: { connection: 'shared' } } })
})
afterAll(() => house.close())

/** Long enough for a notification that must not come. */
const QUIET_MS = 200

const listed = async (
  client: ServerClient,
  method: string,
  member: string,
  id: string,
): Promise<unknown[]> => {
  const items: Record<string, unknown>[] = []
  let cursor: unknown
  do {
    const result = await client.request(method, cursor === undefined ? {} : { cursor })
    items.push(...(result[member] as Record<string, unknown>[]))
    cursor = result['nextCursor']
  } while (cursor !== undefined)
  return items.map((item) => item[id])
}

const updates = ({ heard }: ServerClient): unknown[] =>
  heard
    .filter(({ method }) => method === 'notifications/resources/updated')
    .map(({ params }) => params['uri'])

const change = (client: ServerClient): Promise<unknown> => client.call('change', { what: 'note' })

describe.each(withStdio(1))('%s', (_title, kind: Kind) => {
  let all: Awaited<ReturnType<typeof connectAll>>
  beforeAll(async () => {
    all = await connectAll(house, kind)
  })
  afterAll(() => all.close())

  describe.each(SERVERS)('with %s', (server) => {
    const client = (): ServerClient => all.of(server)

    test('lists resources and templates, and reads text and bytes', async () => {
      const uris = await listed(client(), 'resources/list', 'resources', 'uri')
      expect(uris).toEqual(
        expect.arrayContaining([NOTE, 'blob://pixel', 'same://everywhere'].map((uri) => client().uri(uri))),
      )
      expect(
        await listed(client(), 'resources/templates/list', 'resourceTemplates', 'uriTemplate'),
      ).toHaveLength(kind.at === 'single' ? 3 : 12)
      expect(await client().request('resources/read', { uri: client().uri(NOTE) })).toMatchObject({
        contents: [
          { mimeType: 'text/plain', text: expect.stringMatching(new RegExp(`of ${server}$`)) as string },
        ],
      })
      expect(await client().request('resources/read', { uri: client().uri('blob://pixel') })).toMatchObject({
        contents: [{ mimeType: 'image/png', blob: 'iVBORw0KGgo=' }],
      })
      // One that only a template makes.
      expect(await client().request('resources/read', { uri: client().uri('note://day/7') })).toMatchObject({
        contents: [{ text: `note://day/7 of ${server}` }],
      })
    })

    test('hears of changes for as long as it is subscribed', async () => {
      const uri = client().uri(NOTE)
      const before = updates(client()).length
      const end = await client().subscribe(uri)
      await change(client())
      await until(() => updates(client()).length > before)
      expect(updates(client()).at(-1)).toBe(uri)
      await end()
      await sleep(QUIET_MS)
      const after = updates(client()).length
      await change(client())
      await sleep(QUIET_MS)
      expect(updates(client()).length).toBe(after)
    })
  })
})

describe.each(SINGLE)('two clients, %s', (_title, kind) => {
  test.each(SERVERS)('of which one ends its subscription to a resource of %s', async (server) => {
    const one = await connect(house, kind, server)
    const other = await connect(house, kind, server)
    const end = await one.subscribe(NOTE)
    const endOther = await other.subscribe(NOTE)
    await change(one)
    await until(() => updates(one).length === 1 && updates(other).length === 1)
    await end()
    await sleep(QUIET_MS)
    await change(one)
    await until(() => updates(other).length === 2)
    expect(updates(one)).toHaveLength(1)
    await endOther()
    if (server.startsWith('legacy')) {
      const count = (verb: string): Promise<number> => house.count(server, `resources/${verb} ${NOTE}`)
      // The server hears of the first and of the last.
      await until(async () => (await count('subscribe')) === (await count('unsubscribe')))
    }
    await one.close()
    await other.close()
  })
})

describe('a server that is killed and comes back', () => {
  test.each(['legacyHttp', 'modernHttp'] as const)('%s', async (server) => {
    const kinds = Object.values(KINDS).filter(({ at }) => at === 'single')
    const clients = await Promise.all(kinds.map((kind) => connect(house, kind, server)))
    for (const client of clients) await client.subscribe(NOTE)
    await house.kill(server)
    await house.revive(server)
    await until(async () => {
      await clients[0]?.call('change', { what: 'note' }).catch(() => {})
      await sleep(QUIET_MS)
      return clients.every((client) => updates(client).length > 0)
    }, 25_000)
    for (const client of clients) await client.close()
  })
})
