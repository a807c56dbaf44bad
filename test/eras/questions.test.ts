import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { ANSWER, expectSteps, type AnswerTo, type EraClient } from './client.ts'
import { openEraHouse, SERVERS, until, type EraHouse, type ServerName } from './house.ts'
import { connect, KINDS, SINGLE, useServer, type Kind, type ServerClient } from './places.ts'

let house: EraHouse
beforeAll(async () => {
  house = await openEraHouse()
})
afterAll(() => house.close())

const form = (message: string) => ({
  method: 'elicitation/create',
  params: {
    mode: 'form',
    message,
    requestedSchema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  },
})
const page = {
  method: 'elicitation/create',
  // The id is gone since 2026-07-28, and a client of that revision is not handed it by its SDK.
  params: { mode: 'url', message: 'Log in', url: 'https://example.com/login' },
}
const sample = {
  method: 'sampling/createMessage',
  params: {
    messages: [{ role: 'user', content: { type: 'text', text: 'The capital of France?' } }],
    maxTokens: 100,
    tools: [{ name: 'look_up', inputSchema: { type: 'object' } }],
    toolChoice: { mode: 'auto' },
  },
}
const roots = { method: 'roots/list' }

/** Answers a form with its message, by what the message says. */
const byMessage: AnswerTo = async (asked) => {
  const message = String(asked.params['message'])
  if (message === 'decline' || message === 'cancel') return { action: message }
  if (message === 'refuse') throw Object.assign(new Error('not today'), { code: -32_055 })
  return { action: 'accept', content: { name: message } }
}

const askTwice = async (client: ServerClient, who: string): Promise<unknown> =>
  answersOf(await client.call('ask', { rounds: [{ q: form(`${who} 1`) }, { q2: form(`${who} 2`) }] }))

const twice = (who: string) => ({
  q: { content: { name: `${who} 1` } },
  q2: { content: { name: `${who} 2` } },
})

const messagesTo = ({ asked }: EraClient): string[] =>
  asked.map(({ params }) => String(params['message'])).toSorted((a, b) => a.localeCompare(b))

const answersOf = (result: Record<string, unknown>): unknown =>
  (result['structuredContent'] as { answers?: unknown } | undefined)?.answers

/** Clients that are used by many tests: a gateway of one's own takes long to start. What they answer is said by each test. */
const shared = new Map<string, Shared>()

interface Shared {
  readonly client: EraClient
  answer: AnswerTo
}

afterAll(async () => {
  for (const { client } of shared.values()) await client.close()
})

async function share(kind: Kind, server: ServerName, answer: AnswerTo): Promise<ServerClient> {
  const key = JSON.stringify([kind, kind.at === 'single' ? server : ''])
  let found = shared.get(key)
  if (found === undefined) {
    const made = { answer }
    const client = await connect(house, kind, server, { answer: (asked) => made.answer(asked) })
    shared.set(key, (found = Object.assign(made, { client })))
  }
  found.answer = answer
  found.client.asked.length = 0
  return useServer(found.client, kind, server, house)
}

// What differs at `/mcp/classic` is names.
describe.each(Object.entries(KINDS).filter(([, { sdk, at }]) => at !== 'classic' || sdk === 2))(
  '%s',
  (_title, kind) => {
    describe.each(SERVERS)('asked by %s', (server) => {
      test('is asked everything that there is, in a row and together', async () => {
        const client = await share(kind, server, ANSWER)
        const rounds = [
          { a: form('Who?') },
          { b: { ...page, params: { ...page.params, elicitationId: 'e-1' } } },
          { c: sample },
          { d: roots },
          { e: form('And?'), f: sample, g: roots },
        ]
        const accepted = { action: 'accept', content: { name: 'Ada' } }
        const said = { model: 'test', content: { type: 'text', text: 'Paris' } }
        const places = { roots: [{ uri: 'file:///home/me', name: 'me' }] }
        expect(answersOf(await client.call('ask', { rounds }))).toMatchObject({
          a: accepted,
          b: { action: 'accept' },
          c: said,
          d: places,
          e: accepted,
          f: said,
          g: places,
        })
        expect(client.asked).toHaveLength(7)
        expect(client.asked.slice(0, 4)).toMatchObject([form('Who?'), page, sample, roots])
        // It asks in the middle of other requests too.
        expect(await client.request('prompts/get', { name: client.name('ask_first') })).toMatchObject({
          messages: [{ content: { text: expect.stringContaining('Ada') as string } }],
        })
      })

      test('declines, cancels, and refuses', async () => {
        const client = await share(kind, server, byMessage)
        const rounds = [{ a: form('decline') }, { b: form('cancel') }]
        expect(answersOf(await client.call('ask', { rounds }))).toMatchObject({
          a: { action: 'decline' },
          b: { action: 'cancel' },
        })
        const refused = client.call('ask', { rounds: [{ a: form('refuse') }] })
        if (kind.sdk === 2) {
          // Such a client says nothing of it: it does not make its call again.
          await expect(refused).rejects.toThrow('not today')
        } else if (server.startsWith('legacy')) {
          expect(answersOf(await refused)).toMatchObject({
            a: { error: { code: -32_055, message: expect.stringContaining('not today') as string } },
          })
        } else {
          expect(await refused).toMatchObject({
            isError: true,
            _meta: { 'isogate/error': { code: 'client_refused' } },
          })
        }
      })

      test('is asked by two of its calls at the same time', async () => {
        const client = await share(kind, server, byMessage)
        expect(await Promise.all(['one', 'other'].map((who) => askTwice(client, who)))).toMatchObject(
          ['one', 'other'].map(twice),
        )
        expect(messagesTo(client)).toEqual(['one 1', 'one 2', 'other 1', 'other 2'])
      })

      test('hears of the progress of a call that goes on after a question, and can cancel it', async () => {
        const client = await share(kind, server, ANSWER)
        const seen: object[] = []
        const rounds = [{ a: form('Who?') }]
        const onprogress = (progress: object): void => void seen.push(progress)
        client.progress.length = 0
        await client.call('ask', { rounds, next: 'progress' }, { onprogress })
        // SDK 2.x reports progress of its own when it has asked.
        const handedOn = seen.filter((progress) => 'total' in progress)
        expectSteps(client.progress, handedOn)
        const waiting = await house.count(server, 'waiting')
        const cancelled = await house.count(server, 'cancelled')
        const stop = new AbortController()
        const call = client.call('ask', { rounds, next: 'wait' }, { signal: stop.signal })
        call.catch(() => {})
        await until(async () => (await house.count(server, 'waiting')) === waiting + 1)
        stop.abort()
        await expect(call).rejects.toThrow()
        await until(async () => (await house.count(server, 'cancelled')) > cancelled)
      })
    })

    test.each(['legacyHttp', 'legacyStdio'] as const)(
      'asked by %s on no stream in particular',
      async (server) => {
        const client = await share(kind, server, byMessage)
        const result = await client.call('ask', { rounds: [{ a: form('Who?') }], standalone: true })
        expect(answersOf(result)).toMatchObject({ a: { content: { name: 'Who?' } } })
      },
    )
  },
)

describe.each(SINGLE)('%s, besides others', (_title, kind) => {
  describe.each(SERVERS)('asked by %s', (server) => {
    test('is asked only what is its own', async () => {
      const clients = await Promise.all(
        [1, 2, 3].map(() => connect(house, kind, server, { answer: byMessage })),
      )
      const names = ['first', 'second', 'third']
      expect(
        await Promise.all(clients.map((client, index) => askTwice(client, names[index] ?? ''))),
      ).toMatchObject(names.map(twice))
      expect(clients.map(messagesTo)).toEqual(names.map((name) => [`${name} 1`, `${name} 2`]))
      for (const client of clients) await client.close()
    })

    test.each([[{}], [{ roots: {} }]])('is asked nothing that it cannot: %j', async (capabilities) => {
      const client = await connect(house, kind, server, { capabilities })
      const outcome = await client.call('ask', { rounds: [{ a: form('Who?') }] }).then(
        (result) => answersOf(result) ?? result,
        (error: unknown) => ({ error: String(error) }),
      )
      expect(client.asked).toEqual([])
      expect(JSON.stringify(outcome)).toMatch(/error/i)
      // It goes on to work.
      expect(await client.call('echo')).toMatchObject({ content: [{ text: 'echo' }] })
      await client.close()
    })
  })
})
