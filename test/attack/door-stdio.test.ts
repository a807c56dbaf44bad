import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import fc from 'fast-check'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'

import { eventually } from '../mcp/harness.ts'
import { spoiled, VALID } from './door-requests.ts'

const DOOR = fileURLToPath(new URL('../fixtures/stdio-door.ts', import.meta.url))
const MEBIBYTE = 1_048_576

interface Message {
  readonly id?: unknown
  readonly method?: string
  readonly result?: Readonly<Record<string, unknown>>
  readonly error?: { readonly code: number; readonly data?: { readonly code?: string } }
}

/** The stdio door in a process of its own. */
interface StdioDoor {
  readonly child: ChildProcess
  readonly written: readonly Message[]
  readonly put: (text: string | Buffer) => Promise<unknown>
  /** Asserts that the door still serves both eras, and that it wrote nothing but JSON-RPC, and no fault of its own. */
  readonly serves: (withinMs?: number) => Promise<void>
  /** The names of the tools that were really called. */
  readonly reached: () => Promise<readonly string[]>
}

const line = (message: object): string => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`

function openStdio(): StdioDoor {
  const child = spawn(process.execPath, [DOOR], { stdio: ['pipe', 'pipe', 'ignore'] })
  const written: Message[] = []
  /** Lines of the standard output that are no JSON. */
  const strange: string[] = []
  let rest: string[] = []
  let count = 0
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const [first = '', ...others] = chunk.split('\n')
    rest.push(first)
    for (const next of others) {
      const text = rest.join('')
      rest = [next]
      try {
        written.push(JSON.parse(text) as Message)
      } catch {
        strange.push(text.slice(0, 200))
      }
    }
  })
  child.stdin.on('error', () => {})
  const put = (text: string | Buffer): Promise<unknown> =>
    new Promise((resolve) => child.stdin.write(text, resolve))
  return {
    child,
    written,
    put,
    async serves(withinMs = 15_000) {
      count += 1
      const ids = [`legacy-${count}`, `modern-${count}`]
      const params = { name: 'alpha__say', arguments: { text: 'here' } }
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      }
      void put(line({ id: ids[0], method: 'tools/call', params }))
      void put(line({ id: ids[1], method: 'tools/call', params: { ...params, _meta } }))
      await eventually(() => {
        expect(child.exitCode, 'exit code').toBeNull()
        for (const id of ids) {
          const answers = written.filter((message) => message.id === id)
          expect(answers).toMatchObject([{ result: { content: [{ text: 'said here' }] } }])
        }
      }, withinMs)
      expect(strange).toEqual([])
      expect(written.filter(({ error }) => error?.data?.code === 'internal')).toEqual([])
    },
    async reached() {
      const id = `reached-${(count += 1)}`
      void put(line({ id, method: 'tools/call', params: { name: 'alpha__reached' } }))
      let text: unknown
      await eventually(() => {
        const content = written.find((message) => message.id === id)?.result?.['content']
        text = (content as readonly { text: string }[] | undefined)?.[0]?.text
        expect(text).toBeDefined()
      })
      const names = String(text).split(' ')
      return names.filter((name) => name !== '' && name !== 'reached')
    },
  }
}

let door: StdioDoor | undefined

/** The door of the test before, where it still runs. */
function sharedDoor(): StdioDoor {
  if (door === undefined || door.child.exitCode !== null) door = openStdio()
  return door
}

async function end(): Promise<void> {
  const child = door?.child
  door = undefined
  if (child === undefined || child.exitCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
afterAll(end)

describe('the standard input', () => {
  test('of one line of 64 MiB', { timeout: 20_000 }, async () => {
    const shared = sharedDoor()
    onTestFinished(end)
    const piece = Buffer.alloc(MEBIBYTE, 'x')
    for (let count = 0; count < 64; count++) void shared.put(piece)
    void shared.put('\n')
    await shared.serves(10_000)
  })

  test('of one message of 8 MiB', async () => {
    const shared = sharedDoor()
    const text = 'x'.repeat(8 * MEBIBYTE)
    await shared.put(
      line({ id: 'big', method: 'tools/call', params: { name: 'alpha__say', arguments: { text } } }),
    )
    await eventually(() => expect(shared.written.some(({ id }) => id === 'big')).toBe(true))
    await shared.serves()
  })

  test.each<[string, Buffer | string]>([
    ['invalid UTF-8', Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x0a])],
    [
      'a call with invalid UTF-8 in a text',
      Buffer.concat([
        Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"alpha__'),
        Buffer.from([0xc0, 0xf3]),
        Buffer.from('"}}\n'),
      ]),
    ],
    ['nulls', `${'\0'.repeat(10_000)}\n`],
    ['line ends of all kinds', '\r\n\n\r\r\n\u2028\u0085\n'],
    ['a byte order mark', '\ufeff{"jsonrpc":"2.0","method":"x"}\n'],
    ['100,000 empty lines', '\n'.repeat(100_000)],
    ['10,000 lines of garbage', 'garbage\n'.repeat(10_000)],
    ['a header of another protocol', 'Content-Length: 20\r\n\r\n{"jsonrpc":"2.0"}'.concat('\n')],
    ['a batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":2,"method":"ping"}]\n'],
    ['brackets 100,000 deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}\n`],
    ['objects 100,000 deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}\n`],
    [
      'answers nobody asked for',
      line({ id: 1, result: {} }) + line({ id: 'x', error: { code: 1, message: 'x' } }),
    ],
    [
      'an answer to null',
      '{"jsonrpc":"2.0","id":null,"result":{}}\n{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"x"}}\n',
    ],
    [
      'cancellations of nothing',
      line({ method: 'notifications/cancelled', params: { requestId: 77 } }).repeat(1_000),
    ],
    ['a cancellation without an id', line({ method: 'notifications/cancelled' })],
    ['unknown notifications', line({ method: 'notifications/none', params: { __proto__: 1 } }).repeat(1_000)],
    [
      'a method of a prototype',
      line({ id: 3, method: '__proto__' }) + line({ id: 4, method: 'constructor' }),
    ],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"ping"}\n'],
  ])('with %s', async (_what, input) => {
    const shared = sharedDoor()
    await shared.put(input)
    await shared.serves()
    expect((await shared.reached()).filter((name) => name !== 'say')).toEqual([])
  })

  test.each(['legacy', 'modern'] as const)(
    'with a call of the %s era whose arguments are nested 10,000 deep',
    async (era) => {
      const shared = sharedDoor()
      onTestFinished(end)
      const { body } =
        VALID.find((request) => request.era === era && request.body['method'] === 'tools/call') ?? {}
      const deep = '['.repeat(10_000) + ']'.repeat(10_000)
      const text = JSON.stringify(body)
        .replace('"ü"', deep)
        .replace('alpha__read', 'alpha__fails')
        .replace('"id":1', '"id":"deep"')
      await shared.put(`${text}\n`)
      await shared.serves()
      expect(await shared.reached()).not.toContain('fails')
    },
  )

  test('with one id used a hundred times: each request is answered', async () => {
    const shared = sharedDoor()
    const call = { method: 'tools/call', params: { name: 'alpha__say', arguments: { text: 'x' } } }
    await shared.put(line({ id: 7, ...call }).repeat(100))
    await shared.serves()
    await eventually(() => expect(shared.written.filter(({ id }) => id === 7)).toHaveLength(100))
  })

  test('with requests of any kind, spoiled: the door goes on, and a forbidden tool is not reached', async () => {
    const shared = sharedDoor()
    await fc.assert(
      fc.asyncProperty(fc.array(spoiled(VALID), { minLength: 20, maxLength: 60 }), async (requests) => {
        await shared.put(
          `${requests.map(({ body }) => body.replaceAll('alpha__read', 'alpha__say')).join('\n')}\n`,
        )
        await shared.serves()
      }),
      { numRuns: 20, interruptAfterTimeLimit: 15_000 },
    )
    expect(await shared.reached()).not.toContain('secret')
  })

  test('that ends in the middle of a message ends the process, with exit code 0', async () => {
    const shared = sharedDoor()
    const ended = once(shared.child, 'exit')
    await shared.put('{"jsonrpc":"2.0","id":1,"meth')
    shared.child.stdin?.end()
    expect(await ended).toEqual([0, null])
  })
})
