import { afterAll, beforeAll, expect, test } from 'vitest'

import { openHouse, type House } from '../gateway/open-house.ts'
import { ERAS, rpc, type RawAnswer } from './raw-request.ts'

let house: House
let url: string

beforeAll(async () => {
  house = openHouse({
    scripts: false,
    servers: { alpha: { read: {}, secret: {} }, vault: { open: {}, close: {} } },
    serverConfig: { alpha: { tools: { deny: ['secret'] } } },
    config: { policy: { deny: ['vault.*'] } },
  })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const ENDPOINTS = ['/mcp', '/mcp/code', '/mcp/classic']
const CASES = ENDPOINTS.flatMap((endpoint) => ERAS.map((era) => ({ endpoint, era })))

/** Ways to say the name of a forbidden tool. */
const SPELLINGS = [
  'alpha__secret',
  'alpha.secret',
  'tools.alpha.secret',
  'vault__open',
  'vault.open',
  'ALPHA__SECRET',
  'alpha__SECRET',
  ' alpha__secret',
  'alpha__read/../secret',
  'alpha__%73ecret',
  'alpha__read;alpha__secret',
  'secret',
  'open',
  '.secret',
]

test.each(CASES)(
  'at $endpoint in the $era era no spelling leads to a forbidden tool',
  async ({ endpoint, era }) => {
    for (const name of SPELLINGS) {
      const { last } = await rpc(url + endpoint, era, 'tools/call', { name, arguments: {} })
      expect([name, last.error?.code]).toEqual([
        name,
        name.startsWith(' ') && era === 'modern' ? -32020 : -32602,
      ])
    }
    const reached = Object.values(house.backends).flatMap(({ calls }) => calls.map(({ tool }) => tool.name))
    expect(reached.filter((name) => name !== 'read')).toEqual([])
  },
)

test.each(CASES)(
  'at $endpoint in the $era era nothing that is shown names one',
  async ({ endpoint, era }) => {
    const ask = (name: string, args: object): Promise<RawAnswer> =>
      rpc(url + endpoint, era, 'tools/call', { name, arguments: args })
    const answers = await Promise.all([
      rpc(url + endpoint, era, 'tools/list'),
      era === 'modern'
        ? rpc(url + endpoint, era, 'server/discover')
        : rpc(url + endpoint, era, 'initialize', {
            protocolVersion: '2025-11-25',
            capabilities: {},
            clientInfo: { name: 'raw', version: '1' },
          }),
      ask('search_tools', { query: '' }),
      ask('search_tools', { query: 'open', server: 'vault' }),
      ask('describe_tools', { tools: ['alpha.red', 'valt'] }),
      ask('alpha__sec', {}),
      ask('alpha__read', {}),
    ])
    for (const { status, text } of answers) {
      expect(status).toBe(200)
      expect(text).not.toMatch(/secret|vault/)
    }
  },
)
