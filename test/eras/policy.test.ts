import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openEraHouse, type EraHouse } from './house.ts'
import { connectAll, KINDS, withStdio, type Kind, type ServerClient } from './places.ts'

const DENY = { prompts: { deny: ['third'] }, resources: { deny: ['secret://*'] } }

let house: EraHouse
beforeAll(async () => {
  house = await openEraHouse({
    oneServer: {
      legacyHttp: DENY,
      modernHttp: DENY,
      modernStdio: { prompts: { allow: ['greet'] }, resources: { allow: ['note://*'] } },
    },
    config: { policy: { deny: ['legacyStdio.*'] } },
  })
})
afterAll(() => house.close())

/** What a refusal says, without what was asked for. */
async function refusal(work: Promise<unknown>, wanted: string): Promise<unknown> {
  const error: unknown = await work.then(
    (result) => ({ result }),
    (thrown: unknown) => thrown,
  )
  const { code, message, data, result } = error as Record<string, unknown>
  return JSON.parse(JSON.stringify({ code, message, data, result }).replaceAll(wanted, '…'))
}

describe.each([...withStdio(2), ...Object.entries(KINDS).filter(([, { at }]) => at === 'classic')])(
  '%s',
  (_title, kind: Kind) => {
    let all: Awaited<ReturnType<typeof connectAll>>
    beforeAll(async () => {
      all = await connectAll(house, kind)
    })
    afterAll(() => all.close())

    const ask = (client: ServerClient, what: 'prompt' | 'resource', name: string): Promise<unknown>[] => {
      const argument = { name: 'who', value: 'a' }
      if (what === 'prompt') {
        const ref = { type: 'ref/prompt', name }
        return [
          client.request('prompts/get', { name }),
          client.request('completion/complete', { ref, argument }),
        ]
      }
      const ref = { type: 'ref/resource', uri: name }
      return [
        client.request('resources/read', { uri: name }),
        client.subscribe(name),
        client.request('completion/complete', { ref, argument }),
      ]
    }

    const expectSame = async (
      client: ServerClient,
      what: 'prompt' | 'resource',
      denied: string,
      absent: string,
    ) => {
      const of = (name: string): Promise<unknown[]> =>
        Promise.all(ask(client, what, name).map((work) => refusal(work, name)))
      const refused = await of(denied)
      for (const answer of refused) expect(answer).not.toHaveProperty('result')
      expect(refused).toEqual(await of(absent))
    }

    test.each(['legacyHttp', 'modernHttp'] as const)(
      'does not find what a list of %s denies',
      async (server) => {
        const client = all.of(server)
        const lists = JSON.stringify([
          await client.request('prompts/list'),
          await client.request('resources/list'),
          await client.request('resources/templates/list'),
        ])
        expect(lists).toContain(client.name('greet'))
        expect(lists).not.toContain(client.name('third'))
        expect(lists).not.toContain(client.uri('secret://'))
        await expectSame(client, 'prompt', client.name('third'), client.name('absent'))
        await expectSame(client, 'resource', client.uri('secret://plans'), client.uri('secret://absent'))
        await expectSame(
          client,
          'resource',
          client.uri('secret://plan/{n}'),
          client.uri('secret://other/{n}'),
        )
        expect(await house.count(server, 'resources/subscribe secret://plans')).toBe(0)
      },
    )

    test('finds only what a list allows', async () => {
      const client = all.of('modernStdio')
      const { prompts } = await client.request('prompts/list')
      const own = (prompts as { name: string }[]).filter(
        ({ name }) => kind.at === 'single' || name.startsWith('modernStdio'),
      )
      expect(own.map(({ name }) => name)).toEqual([client.name('greet')])
      await expectSame(client, 'prompt', client.name('third'), client.name('absent'))
      await expectSame(client, 'resource', client.uri('blob://pixel'), client.uri('blob://absent'))
    })

    test('finds nothing of a server that is denied as a whole', async () => {
      const client = all.of('legacyStdio')
      const lists: unknown[] = []
      for (const list of ['tools', 'prompts', 'resources', 'resources/templates'])
        lists.push(await client.request(`${list}/list`))
      expect(JSON.stringify(lists)).not.toContain('legacyStdio')
      if (kind.at === 'single') expect(JSON.stringify(lists)).not.toContain('greet')
      await expectSame(client, 'prompt', client.name('greet'), client.name('absent'))
      await expectSame(
        client,
        'resource',
        `isogate://legacyStdio/${encodeURIComponent('blob://pixel')}`,
        'isogate://nobody/x',
      )
      // Names that are like it, of other servers, are named with each of the two.
      const call = async (name: string): Promise<unknown> => {
        const { code, data } = (await refusal(
          client.request('tools/call', { name, arguments: {} }),
          name,
        )) as {
          code: number
          data: Record<string, unknown>
        }
        return { code, data: { ...data, nearest: [] } }
      }
      expect(await call(client.name('echo'))).toEqual(await call(client.name('absent')))
      const refused = await refusal(client.request('x/unknown'), 'x/unknown')
      expect(JSON.stringify(refused)).toContain('-32601')
    })

    test('does not read the words of a server that is denied as a whole', async () => {
      const client = all.of('legacyStdio')
      expect(client.greeting().instructions ?? '').not.toContain('The words of legacyStdio')
    })
  },
)
