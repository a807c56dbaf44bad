import { afterAll, beforeAll, expect, test } from 'vitest'

import { ERAS, rpc } from '../http/raw-request.ts'
import { openHouse, type House } from './open-house.ts'

/** Names whose identifiers and exposed forms differ from them: a derived spelling in an answer would give one away. */
const FORBIDDEN = ['secret', 'get-secret', 'get secret']

let house: House
let url: string

beforeAll(async () => {
  const tools = Object.fromEntries(['read', 'write', ...FORBIDDEN].map((name) => [name, {}]))
  house = openHouse({ servers: { alpha: tools }, serverConfig: { alpha: { tools: { deny: FORBIDDEN } } } })
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

/** The same name with its last letter changed: as far from every visible tool, and the name of nothing. */
const strangerOf = (name: string): string => `${name.slice(0, -1)}x`

const CASES = FORBIDDEN.flatMap((name) =>
  ERAS.flatMap((era) =>
    [`alpha__${name}`, `alpha.${name}`, `tools.alpha.${name}`].map((spelling) => ({ era, spelling })),
  ),
)

test.each(CASES)('$era: $spelling is answered like a name of nothing', async ({ era, spelling }) => {
  const ask = async (name: string): Promise<string> => {
    const { status, last } = await rpc(`${url}/mcp/classic`, era, 'tools/call', { name })
    return JSON.stringify([status, last]).replaceAll(name, 'NAME')
  }
  const forbidden = await ask(spelling)
  expect(forbidden).toContain('unknown_tool')
  expect(forbidden).toBe(await ask(strangerOf(spelling)))
  expect(house.backends['alpha']?.calls).toEqual([])
})

test('what is suggested is never hidden', async () => {
  for (const name of ['alpha__secre', 'alpha__get_secret', 'secret']) {
    const { last } = await rpc(`${url}/mcp/classic`, 'legacy', 'tools/call', { name })
    const suggested = new Set(last.error?.data?.['nearest'] as string[] | undefined)
    expect([name, [...suggested.difference(new Set(['alpha__read', 'alpha__write']))]]).toEqual([name, []])
  }
})

test('an unknown name is said as it was written', async () => {
  const { last } = await rpc(`${url}/mcp/classic`, 'legacy', 'tools/call', { name: 'alpha__raed' })
  expect(last.error?.data).toMatchObject({ code: 'unknown_tool', tool: 'alpha__raed' })
  expect(last.error?.data?.['nearest']).toContain('alpha__read')
})

test.each(['error', 'off'])(
  'a script is answered for a forbidden tool as for one that is not there (check: %s)',
  async (check) => {
    const ask = async (tool: string): Promise<string> => {
      const code = `try { await tools.alpha['${tool}']({}) } catch (error) { return error.code + ' ' + error.message }`
      const { last } = await rpc(`${url}/mcp/code`, 'legacy', 'tools/call', {
        name: 'run_script',
        arguments: { code, check },
      })
      return JSON.stringify(last.result)
        .replaceAll(tool, 'NAME')
        .replaceAll(/"isogate\/run".*/g, '')
        .replaceAll(/,\{"type":"text","text":"Scripts for run_script.*?"\}/g, '')
    }
    for (const spelling of ['secret', 'get-secret', 'get_secret', 'get secret']) {
      const forbidden = await ask(spelling)
      expect(forbidden).toContain(check === 'off' ? 'unknown_tool' : 'script_check')
      expect(forbidden).toBe(await ask(strangerOf(spelling)))
    }
  },
)
