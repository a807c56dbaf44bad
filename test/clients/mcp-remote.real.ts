import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { TOKEN } from '../gateway/open-house.ts'
import { findProgram } from '../lossless/installed-program.ts'
import { installOnDemand } from '../on-demand.ts'
import { openRealGateway, type RealGateway } from './real-gateway.ts'

const PACK = 'mcp-remote@0.15.1'

let real: RealGateway
let program: string
let home: string
beforeAll(async () => {
  console.log(`Installing ${PACK} where it is not there yet`)
  program = await findProgram(await installOnDemand([PACK]), PACK)
  home = await mkdtemp(join(tmpdir(), 'isogate-mcp-remote-'))
  real = await openRealGateway()
})
afterAll(async () => {
  await real.close()
  await rm(home, { recursive: true, force: true })
})

/** Does something as a client that knows only stdio, with mcp-remote between it and an endpoint of the gateway. */
async function through<T>(path: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [program, real.url + path, '--allow-http', '--header', `Authorization: Bearer ${TOKEN}`],
      env: { PATH: process.env['PATH'] ?? '', HOME: home, MCP_REMOTE_CONFIG_DIR: join(home, 'auth') },
      stderr: 'ignore',
    }),
  )
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}

const namesOf = async (client: Client): Promise<readonly string[]> =>
  (await client.listTools()).tools.map(({ name }) => name)

test('a stdio client lists and calls at /mcp/classic', async () => {
  await through('/mcp/classic', async (client) => {
    const names = await namesOf(client)
    expect(names).toHaveLength(real.gateway.servers().reduce((sum, { tools }) => sum + tools, 0))
    expect(names).toEqual(expect.arrayContaining(['everything__echo', 'memory__read_graph']))
    const { content } = await client.callTool({ name: 'everything__echo', arguments: { message: 'hello' } })
    expect(content).toEqual([{ type: 'text', text: 'Echo: hello' }])
    const path = join(real.folder, 'hello.txt')
    expect(await client.callTool({ name: 'filesystem__read_text_file', arguments: { path } })).toMatchObject({
      structuredContent: { content: 'hello from a file' },
    })
  })
})

describe.each(['/mcp', '/mcp/code'])('at %s, in Code Mode', (path) => {
  test('a stdio client lists three tools, reads the index and runs a script', async () => {
    await through(path, async (client) => {
      expect(await namesOf(client)).toEqual(['search_tools', 'describe_tools', 'run_script'])
      expect(client.getInstructions()).toContain('everything')
      const code = 'return await tools.everything.echo({ message: "hi" })'
      const { content } = await client.callTool({ name: 'run_script', arguments: { code } })
      expect(JSON.stringify(content)).toContain('Echo: hi')
    })
  })
})

test('calls that are in flight together each get their own answer', async () => {
  await through('/mcp/classic', async (client) => {
    const messages = Array.from({ length: 20 }, (_, index) => `number ${index}`)
    const answers = await Promise.all(
      messages.map((message) => client.callTool({ name: 'everything__echo', arguments: { message } })),
    )
    expect(answers.map(({ content }) => content)).toEqual(
      messages.map((message) => [{ type: 'text', text: `Echo: ${message}` }]),
    )
  })
})
