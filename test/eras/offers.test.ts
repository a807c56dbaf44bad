import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openEraHouse, SERVERS, until, type EraHouse } from './house.ts'
import { connect, connectAll, SINGLE, withStdio, type Kind, type ServerClient } from './places.ts'

let house: EraHouse
beforeAll(async () => {
  house = await openEraHouse()
})
afterAll(() => house.close())

describe.each(withStdio(2))('%s', (_title, kind: Kind) => {
  let all: Awaited<ReturnType<typeof connectAll>>
  beforeAll(async () => {
    all = await connectAll(house, kind)
  })
  afterAll(() => all.close())

  describe.each(SERVERS)('with %s', (server) => {
    const client = (): ServerClient => all.of(server)

    test('lists prompts and gets them with their arguments', async () => {
      const { prompts } = await client().request('prompts/list')
      expect(prompts).toEqual(
        expect.arrayContaining([
          expect.objectContaining({ name: client().name('third'), arguments: [{ name: 'who' }] }),
        ]),
      )
      expect(
        await client().request('prompts/get', { name: client().name('greet'), arguments: { who: 'Ada' } }),
      ).toMatchObject({ messages: [{ content: { text: 'greet Ada' } }], 'x-more': 1 })
    })

    test('completes arguments of prompts and of templates', async () => {
      const argument = { name: 'who', value: 'am' }
      const context = { arguments: { other: 'x' } }
      const ofPrompt = { type: 'ref/prompt', name: client().name('greet') }
      expect(
        await client().request('completion/complete', { ref: ofPrompt, argument, context }),
      ).toMatchObject({
        completion: { values: ['amber', 'ample'], total: 2 },
        'x-about': [{ type: 'ref/prompt', name: 'greet' }, 'who'],
      })
      const templates = await client().request('resources/templates/list')
      const uris = (templates['resourceTemplates'] as { uriTemplate: string }[]).map(
        ({ uriTemplate }) => uriTemplate,
      )
      const own = kind.at === 'single' || server === SERVERS[0]
      const uri = uris.find(
        (found) => found.includes('day') && (own || found.startsWith(`isogate://${server}/`)),
      )
      expect(
        await client().request('completion/complete', { ref: { type: 'ref/resource', uri }, argument }),
      ).toMatchObject({
        completion: { values: ['amber', 'ample'] },
        'x-about': [{ uri: 'note://day/{day}' }, 'who'],
      })
    })

    test('is told what is logged from the level on that it wants', async () => {
      client().heard.length = 0
      // Without a level, a client of 2026-07-28 is told nothing.
      await client().call('log')
      if (kind.sdk === 2 && server === SERVERS[0]) expect(levelsTo(client())).toEqual([])
      await client().setLevel('info')
      client().heard.length = 0
      await client().call('log')
      await until(() => levelsTo(client()).includes('error'), 500)
      expect(levelsTo(client())).toEqual(['info', 'error'])
    })
  })
})

const levelsTo = ({ heard }: ServerClient): unknown[] =>
  heard.filter(({ method }) => method === 'notifications/message').map(({ params }) => params['level'])

describe.each(SINGLE)('%s', (_title, kind) => {
  // On a pipe that all share, nothing says for whom a message is.
  test.each(['legacyHttp', 'modernHttp'] as const)(
    'with nothing to declare is told what %s logs',
    async (server) => {
      const client = await connect(house, kind, server, { capabilities: {} })
      await client.setLevel('error')
      await client.call('log')
      await until(() => levelsTo(client).length > 0, 2_000)
      expect(levelsTo(client)).toEqual(['error'])
      await client.close()
    },
  )

  test.each(['legacyHttp', 'legacyStdio'] as const)(
    'is told what %s logs on no stream in particular',
    async (server) => {
      const client = await connect(house, kind, server)
      await client.setLevel('error')
      await client.call('log', { standalone: true })
      // Without a session, what comes after the answer reaches nobody.
      if (kind.sdk === 1) await until(() => levelsTo(client).length > 0, 2_000)
      await client.close()
    },
  )
})

describe.each(SINGLE)('%s hears of changed lists', (_title, kind) => {
  test.each(['legacyHttp', 'modernHttp', 'modernStdio'] as const)('of %s', async (server) => {
    const client = await connect(house, kind, server)
    await client.watchLists()
    const lists = ['tools', 'prompts', 'resources'] as const
    const counts = (): Promise<number[]> => Promise.all(lists.map((list) => countOf(client, list)))
    const before = await counts()
    for (const list of lists) await client.call('change', { what: list })
    const isTold = (list: string): boolean =>
      client.heard.some(({ method }) => method === `notifications/${list}/list_changed`)
    await until(() => lists.every(isTold))
    expect(await counts()).toEqual(before.map((count) => count + 1))
    await client.close()
  })
})

async function countOf(client: ServerClient, list: 'tools' | 'prompts' | 'resources'): Promise<number> {
  return ((await client.request(`${list}/list`))[list] as unknown[]).length
}
