import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createPlace, eventually, MAIN, processesOf, realServer, run, start, type Place } from './program.ts'

let place: Place
beforeAll(async () => {
  place = await createPlace()
  const servers = {
    everything: realServer('everything'),
    filesystem: realServer('filesystem', [place.folder]),
    dead: { command: 'isogate-no-such-command' },
  }
  await place.write('isogate.yaml', JSON.stringify({ servers, mode: 'classic', policy: { auto: ['*'] } }))
  await place.write('code.yaml', JSON.stringify({ servers, mode: 'code', policy: { auto: ['*'] } }))
})
afterAll(() => place.remove())

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
})

async function connect(
  config: string,
  args: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, 'stdio', '--config', config, ...args],
    cwd: place.folder,
    env: { ...getDefaultEnvironment(), ...place.env, ...env } as Record<string, string>,
    stderr: 'ignore',
  })
  await client.connect(transport)
  return client
}

describe('a client of the first generation', () => {
  test('lists and calls, in classic mode; when it closes, nothing is left', async () => {
    const client = await connect('isogate.yaml')
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toContain('everything__echo')
    expect(tools).toHaveLength(27)
    const result = await client.callTool({ name: 'everything__echo', arguments: { message: 'hi' } })
    expect(result.content).toEqual([{ type: 'text', text: 'Echo: hi' }])
    expect(await processesOf(place)).not.toEqual([])
    await client.close()
    await eventually(async () => (await processesOf(place)).length === 0)
  })

  test('runs a script, in Code Mode', async () => {
    const client = await connect('code.yaml')
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['search_tools', 'describe_tools', 'run_script'])
    const code = 'console.log("x"); return await tools.everything.echo({ message: "hi" })'
    const result = await client.callTool({ name: 'run_script', arguments: { code } })
    expect(result.content).toMatchObject([{ text: 'Echo: hi' }, { text: 'Logs:\nx' }])
    await client.close()
  })
})

describe('a virtual key', () => {
  const KEY = 'the-key-of-an-agent'
  beforeAll(() =>
    place.write(
      'keys.yaml',
      JSON.stringify({
        servers: { everything: realServer('everything') },
        mode: 'classic',
        keys: {
          agent: {
            key: KEY,
            policy: { allow: ['everything.echo'] },
            limits: { rates: [{ requests: 2, per: 'day' }] },
          },
        },
      }),
    ),
  )

  test.each([
    ['named by --as', ['--as', 'agent'], {}],
    ['whose secret is in the environment', [], { ISOGATE_KEY: KEY }],
  ])('%s brings its policy and its limits', async (_how, args, env) => {
    const client = await connect('keys.yaml', args, env)
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['everything__echo'])
    const call = (name: string, more: object) => client.callTool({ name, arguments: { ...more } })
    const denied = await call('everything__get-sum', { a: 1, b: 2 }).catch(String)
    expect(JSON.stringify(denied)).toContain('unknown_tool')
    expect((await call('everything__echo', { message: 'hi' })).content).toMatchObject([{ text: 'Echo: hi' }])
    const third = await call('everything__echo', { message: 'hi' }).catch(String)
    expect(JSON.stringify(third)).toContain('rate_limited')
    await client.close()
    const { stdout } = await run(place, ['audit', 'ls', '--kind', 'login', '--json', '-c', 'keys.yaml'])
    expect(stdout).toContain('key:agent')
  })

  test.each([
    ['that nobody has', [], { ISOGATE_KEY: 'a-key-that-nobody-has' }, 'unauthorized'],
    ['that is empty', [], { ISOGATE_KEY: '' }, 'unauthorized'],
    ['of a name that is not there', ['--as', 'nobody'], {}, 'not_there'],
  ])('%s ends the process', async (_what, args, env, code) => {
    const where = { ...place, env: { ...place.env, ...env } }
    const ended = await run(where, ['stdio', '--config', 'keys.yaml', ...args])
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain(code)
    expect(ended.stderr).not.toContain('a-key-that')
  })
})

test('nothing but the protocol is on the standard output, whatever the level of the log', async () => {
  const running = start(place, ['stdio', '--log-level', 'debug'])
  running.child.stdin?.write(`${INITIALIZE}\n`)
  await eventually(() => running.stdout().includes('\n'))
  running.child.stdin?.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\nnot json\n')
  running.child.stdin?.write('{"jsonrpc":"2.0","id":2,"method":"tools/list"}\n')
  await eventually(() => running.stdout().split('\n').length > 2)
  running.child.stdin?.end()
  const { code, stdout, stderr } = await running.ended
  expect(code).toBe(0)
  const messages = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id?: number })
  expect(messages.map(({ id }) => id)).toEqual([1, 2])
  expect(stderr).toContain('The upstream is ready.')
})

test('an input that has ended ends it, with exit code 0', async () => {
  expect(await run(place, ['stdio'])).toMatchObject({ code: 0, stdout: '' })
})

test.each(['SIGTERM', 'SIGKILL'] as const)('after %s nothing is left', async (signal) => {
  const running = start(place, ['stdio'])
  running.child.stdin?.write(`${INITIALIZE}\n`)
  await eventually(() => running.stdout().includes('\n'))
  expect(await processesOf(place)).not.toEqual([])
  running.child.kill(signal)
  expect((await running.ended).code).toBe(signal === 'SIGTERM' ? 0 : null)
  await eventually(async () => (await processesOf(place)).length === 0)
})
