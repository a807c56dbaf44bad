import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { isJsonObject } from '../../src/core/json.ts'
import type { AnswerTo, EraClient } from '../eras/client.ts'
import { connectFirst } from '../eras/first-client.ts'
import { openEraHouse, type EraHouse } from '../eras/house.ts'
import { connectSecond } from '../eras/second-client.ts'

let house: EraHouse
beforeAll(async () => {
  house = await openEraHouse({
    servers: ['modernStdio'],
    config: { policy: { ask: ['modernStdio.page', 'modernStdio.echo'], auto: ['*'] } },
  })
})
afterAll(() => house.close())

const accept = (decision: string) => ({ action: 'accept', content: { decision } })

const textOf = ({ content }: Record<string, unknown>): string => {
  const [first] = Array.isArray(content) ? (content as unknown[]) : []
  return isJsonObject(first) && typeof first['text'] === 'string' ? first['text'] : ''
}

/** Real clients of both eras: one has a session, each request of the other stands for itself. */
describe.each([
  ['SDK 1.x', connectFirst],
  ['SDK 2.x', connectSecond],
] as const)('a person at a client of %s', (title, connect) => {
  const open = async (path: string, answer: AnswerTo, capabilities = {}): Promise<EraClient> =>
    connect({ url: `${house.url}${path}` }, { answer, capabilities })
  const page = (client: EraClient, args = {}) =>
    client.request('tools/call', { name: 'modernStdio__page', arguments: { ...args, title } })
  const elicitation = { elicitation: { form: {} } }

  test('says yes to a call, or no', async () => {
    let said: object = accept('yes, this once')
    const client = await open('/mcp/classic', () => said, elicitation)
    expect(textOf(await page(client))).toBe('page')
    expect(client.asked).toMatchObject([
      {
        method: 'elicitation/create',
        params: { message: expect.stringContaining('modernStdio.page') as string },
      },
    ])
    said = { action: 'decline' }
    expect(await page(client)).toMatchObject({
      isError: true,
      _meta: { 'isogate/error': { code: 'approval_denied' } },
    })
    await client.close()
  })

  test('cancels, and the call waits for somebody else', async () => {
    const client = await open('/mcp/classic', () => ({ action: 'cancel' }), elicitation)
    const waiting = await page(client, { what: 'cancelled' })
    expect(waiting).toMatchObject({ _meta: { 'isogate/error': { code: 'approval_pending' } } })
    expect(textOf(waiting)).toMatch(/isogate approvals approve a_\S{20}`; then make the same call again/)
    await client.close()
  })

  test('is not asked at a client without forms', async () => {
    const client = await open('/mcp/classic', () => accept('yes, this once'))
    expect(await page(client, { what: 'not asked' })).toMatchObject({
      _meta: { 'isogate/error': { code: 'approval_pending' } },
    })
    expect(client.asked).toEqual([])
    await client.close()
  })

  test('says yes once for a whole run', async () => {
    const client = await open('/mcp/code', () => accept('yes, this tool for the whole run'), elicitation)
    const code = `const pages = await Promise.all([1, 2, 3].map((n) => tools.modernStdio.page({ n })))
return pages.length`
    const run = { name: 'run_script', arguments: { code, check: 'off' } }
    expect(textOf(await client.request('tools/call', run))).toBe('3')
    expect(client.asked).toHaveLength(1)
    await client.close()
  })
})
