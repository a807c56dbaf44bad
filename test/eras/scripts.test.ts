import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { EraClient } from './client.ts'
import { connectFirst } from './first-client.ts'
import { openEraHouse, SERVERS, until, type EraHouse } from './house.ts'
import { connectSecond } from './second-client.ts'

let house: EraHouse
beforeAll(async () => {
  house = await openEraHouse()
})
afterAll(() => house.close())

const sample = {
  method: 'sampling/createMessage',
  params: { messages: [{ role: 'user', content: { type: 'text', text: 'Capital?' } }], maxTokens: 10 },
}
const roots = { method: 'roots/list', params: {} }

interface ScriptOptions {
  readonly signal?: AbortSignal
  readonly onprogress?: (progress: object) => void
}

const run = (
  client: EraClient,
  code: string,
  options: ScriptOptions = {},
): Promise<Record<string, unknown>> =>
  client.request('tools/call', { name: 'run_script', arguments: { code } }, options)

const textOf = ({ content }: Record<string, unknown>): string =>
  (content as readonly { readonly text?: string }[]).map(({ text }) => text).join('\n')

describe.each([
  ['SDK 1.x', connectFirst],
  ['SDK 2.x', connectSecond],
])('through a script of %s', (_title, connectTo) => {
  describe.each(SERVERS)('to %s', (server) => {
    let client: EraClient
    beforeAll(async () => {
      client = await connectTo({ url: `${house.url}/mcp/code` }, {})
      // Until the server has a connection for this client, where it gets one of its own.
      await until(async () => (await run(client, `return tools.${server}.echo({})`))['isError'] !== true)
    })
    afterAll(() => client.close())

    test('a server samples and asks for the roots of the client', async () => {
      const code = `const { answers } = await tools.${server}.ask(${JSON.stringify({ rounds: [{ a: sample }, { b: roots }] })})
return [answers.a.content.text, answers.b.roots[0].name]`
      expect(textOf(await run(client, code))).toBe('["Paris","me"]')
    })

    test('what the tools of a script report is progress of the run, as one number that grows', async () => {
      client.progress.length = 0
      const code = `await Promise.all([tools.${server}.progress({}), tools.${server}.progress({})])\nreturn 'done'`
      expect(textOf(await run(client, code, { onprogress: () => {} }))).toBe('done')
      const steps = client.progress as { progress: number; message: string }[]
      expect(steps.map(({ progress }) => progress)).toEqual(steps.map((_, index) => index + 1))
      expect(steps.map(({ message }) => message)).toContain(`${server}.progress: step 2`)
      expect(steps.filter(({ message }) => message.endsWith('ended'))).toHaveLength(2)
    })

    test('a run that is cancelled ends its calls at their servers', async () => {
      const [waiting, cancelled] = [
        await house.count(server, 'waiting'),
        await house.count(server, 'cancelled'),
      ]
      const stop = new AbortController()
      const code = `await Promise.all([1, 2].map(() => tools.${server}.wait({})))`
      const running = run(client, code, { signal: stop.signal })
      running.catch(() => {})
      await until(async () => (await house.count(server, 'waiting')) === waiting + 2)
      stop.abort()
      await expect(running).rejects.toThrow()
      await until(async () => (await house.count(server, 'cancelled')) === cancelled + 2)
    })
  })
})
