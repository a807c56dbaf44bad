import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openHouse, type House } from '../../gateway/open-house.ts'
import { KEYS, OWN, TWO_PEOPLE, WAYS } from './ways.ts'

/*
 * Obot v0.21.0: whoever knew the id of a server could use it at its own address, because the rules were looked at only where
 * things were shown. Each way to use something, with each id that the caller was not granted: it is not listed and it cannot be used.
 */

let house: House
let url: string

beforeAll(async () => {
  house = openHouse(TWO_PEOPLE)
  ;({ url } = await house.listenHttp())
})
afterAll(() => house.close())

const reachedOf = (server: string): number => house.backends[server]?.calls.length ?? 0

describe.each(Object.keys(WAYS))('by %s', (name) => {
  const way = WAYS[name]
  test.each([
    ['ann', 'beta'],
    ['bob', 'alpha'],
  ] as const)('%s sees nothing of %s and reaches nothing of it', async (who, foreign) => {
    const listed = await way?.list(url, KEYS[who])
    expect(listed?.text.replaceAll(/There is no tool [^ ]*/g, '')).not.toMatch(
      new RegExp(`${foreign}[-.](?:tool|prompt|resource|template)|of ${foreign}\\b|use ${foreign}`),
    )
    const before = reachedOf(foreign)
    await way?.call(url, KEYS[who], foreign)
    expect(reachedOf(foreign) - before).toBe(0)
  })

  test('an id that is not granted is answered like one that does not exist', async () => {
    const ask = async (server: string): Promise<string> =>
      ((await way?.call(url, KEYS.ann, server))?.text ?? '')
        .replaceAll(server, 'SERVER')
        // Ids of runs, and times.
        .replaceAll(/[0-9a-f-]{36}|\d+(?:\.\d+)?/g, '')
    // How scripts are written is told at the first mistake.
    await ask('zeta')
    const foreign = await ask('beta')
    const absent = await ask('zeta')
    expect(foreign).toBe(absent)
  })

  test('what is granted is there', async () => {
    const isForOne = name.startsWith('the endpoint of')
    const [who, server] = name.endsWith('Beta') ? (['bob', 'beta'] as const) : (['ann', 'alpha'] as const)
    expect(OWN[who]).toBe(server)
    const before = reachedOf(server)
    await way?.call(url, KEYS[who], server)
    // At /mcp/code a tool is not called by its name, and a resource of no list is nobody's.
    const isNone = /code$|template$|subscription$/.test(name)
    if (!isNone) expect([name, reachedOf(server) - before]).toEqual([name, 1])
    if (isForOne) expect((await way?.list(url, KEYS[who]))?.text).toContain(`${server}-tool`)
  })
})

test('the ids of what others began are nobody else’s', async () => {
  for (const [name, args] of [
    ['run_script', { resume: 'r_00000000000000000000' }],
    ['read_result', { id: 'h_00000000000000000000' }],
  ] as const) {
    const way = WAYS['Streamable HTTP, legacy, code']
    expect(way).toBeDefined()
    const { post, rpcRequest } = await import('../../http/raw-request.ts')
    const { body, headers } = rpcRequest('legacy', 'tools/call', { name, arguments: args })
    const { text } = await post(`${url}/mcp/code`, body, { ...headers, authorization: `Bearer ${KEYS.ann}` })
    expect(text).toMatch(/unknown|no such|There is no/)
  }
})
