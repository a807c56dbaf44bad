import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { textResult } from '../../src/core/result.ts'
import { openHouse } from '../gateway/open-house.ts'
import type { EraClient } from './client.ts'
import { connectFirst } from './first-client.ts'
import { openEraHouse, SERVERS, type EraHouse } from './house.ts'
import { connectSecond } from './second-client.ts'

type Listed = Record<string, unknown>

const SDKS = [
  ['SDK 1.x', connectFirst],
  ['SDK 2.x', connectSecond],
] as const

let house: EraHouse
beforeAll(async () => {
  house = await openEraHouse({ oneServer: { legacyStdio: { connection: 'shared' } } })
})
afterAll(() => house.close())

async function listAll(client: EraClient, method: string, member: string): Promise<Listed[]> {
  const items: Listed[] = []
  let cursor: unknown
  do {
    const page = await client.request(method, cursor === undefined ? {} : { cursor })
    items.push(...(page[member] as Listed[]))
    cursor = page['nextCursor']
  } while (cursor !== undefined)
  return items
}

describe.each(SDKS)('%s at /mcp/classic', (_title, connectTo) => {
  let client: EraClient
  beforeAll(async () => {
    client = await connectTo({ url: `${house.url}/mcp/classic` }, {})
  })
  afterAll(() => client.close())

  const textOf = async (uri: unknown): Promise<unknown> => {
    const { contents } = await client.request('resources/read', { uri })
    return (contents as { text?: string }[])[0]?.text
  }

  test('reads the words of every server, within bounds, and sees what all of them can', () => {
    const { instructions = '', capabilities } = client.greeting()
    for (const server of SERVERS) expect(instructions).toContain(`${server} says: The words of ${server}.`)
    expect(instructions.length).toBeLessThan(4_000)
    expect(capabilities).toMatchObject({
      tools: { listChanged: true },
      prompts: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      completions: {},
      logging: {},
    })
  })

  test('lists the pages of all servers as one list, under names of their own', async () => {
    const names = (await listAll(client, 'tools/list', 'tools')).map(({ name }) => name)
    const prompts = (await listAll(client, 'prompts/list', 'prompts')).map(({ name }) => name)
    for (const server of SERVERS) {
      expect(names).toEqual(expect.arrayContaining([`${server}__echo`, `${server}__page`]))
      expect(prompts).toEqual(expect.arrayContaining([`${server}__greet`, `${server}__third`]))
    }
    expect(new Set(names).size).toBe(names.length)
  })

  test('reads the resource of each server, though all of them have the same URI', async () => {
    const uris = (await listAll(client, 'resources/list', 'resources')).map(({ uri }) => uri)
    expect(new Set(uris).size).toBe(uris.length)
    const same = uris.filter((uri) => decodeURIComponent(String(uri)).endsWith('same://everywhere'))
    expect(await Promise.all(same.map(textOf))).toEqual(
      SERVERS.map((server) => `same://everywhere of ${server}`),
    )
  })

  test.each(['7', 'a%20b%2Fc'])('makes URIs with the template of each server: %s', async (part) => {
    const templates = (await listAll(client, 'resources/templates/list', 'resourceTemplates')).map(
      ({ uriTemplate }) => String(uriTemplate),
    )
    const uris = templates
      .filter((template) => template.includes('{part}'))
      .map((template) => template.replace('{part}', part))
    expect(await Promise.all(uris.map(textOf))).toEqual(
      SERVERS.map((server) => `same://part/${part} of ${server}`),
    )
  })

  test('opens the page of the tool of each server', async () => {
    const tools = await listAll(client, 'tools/list', 'tools')
    for (const server of SERVERS) {
      const { _meta: meta } = tools.find(({ name }) => name === `${server}__page`) ?? {}
      const { ui, 'ui/resourceUri': flat } = meta as { ui: { resourceUri: string }; 'ui/resourceUri': string }
      expect(flat).toBe(ui.resourceUri)
      expect(await textOf(flat)).toBe(`ui://page of ${server}`)
    }
  })
})

test.each(SDKS)('a list of 2,500 tools comes in pages to %s', async (_title, connectTo) => {
  const tools = Object.fromEntries(
    Array.from({ length: 2_500 }, (_, index) => [`tool_${index}`, { answer: () => textResult(`${index}`) }]),
  )
  await using big = openHouse({ scripts: false, servers: { big: tools } })
  const { url } = await big.listenHttp()
  for (const [path, prefix] of [
    ['/mcp/classic', 'big__'],
    ['/mcp/s/big', ''],
  ]) {
    const client = await connectTo({ url: url + path }, {})
    const first = await client.request('tools/list')
    expect((first['tools'] as unknown[]).length).toBeLessThan(2_500)
    const names = (await listAll(client, 'tools/list', 'tools')).map(({ name }) => name)
    expect(names).toHaveLength(2_500)
    expect(new Set(names)).toEqual(new Set(Object.keys(tools).map((name) => `${prefix}${name}`)))
    await expect(client.request('tools/list', { cursor: 'made up' })).rejects.toMatchObject({ code: -32_602 })
    await client.close()
  }
})
