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
  await place.write('code.yaml', JSON.stringify({ servers, mode: 'code' }))
})
afterAll(() => place.remove())

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
})

async function connect(config: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [MAIN, 'stdio', '--config', config],
    cwd: place.folder,
    env: { ...getDefaultEnvironment(), ...place.env } as Record<string, string>,
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
    expect(tools.map(({ name }) => name)).toEqual([
      'search_tools',
      'describe_tools',
      'run_script',
      'resume_run',
    ])
    const code = 'console.log("x"); return await tools.everything.echo({ message: "hi" })'
    const result = await client.callTool({ name: 'run_script', arguments: { code } })
    expect(result.content).toMatchObject([{ text: 'Echo: hi' }, { text: 'Logs:\nx' }])
    await client.close()
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
