import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { openRealGateway, type RealGateway } from './real-gateway.ts'
import { SDK_CLIENTS, type SdkClient } from './sdk-clients.ts'

let real: RealGateway
beforeAll(async () => {
  real = await openRealGateway()
})
afterAll(() => real.close())

test('all three servers are ready', () => {
  expect(real.gateway.servers().map(({ server, status }) => [server, status.state])).toEqual([
    ['everything', 'ready'],
    ['filesystem', 'ready'],
    ['memory', 'ready'],
  ])
})

describe.each(Object.entries(SDK_CLIENTS))('a client of %s', (_name, connect) => {
  /** Connects, does something, and leaves. */
  async function withClient<T>(path: string, use: (client: SdkClient) => Promise<T>): Promise<T> {
    const client = await connect(real.url + path)
    try {
      return await use(client)
    } finally {
      await client.close()
    }
  }

  test('lists the tools of all servers in classic mode', async () => {
    const { tools } = await withClient('/mcp/classic', (client) => client.listTools())
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['everything__echo', 'filesystem__read_text_file', 'memory__read_graph']),
    )
    expect(tools).toHaveLength(real.gateway.servers().reduce((sum, server) => sum + server.tools, 0))
  })

  test('calls a tool of each server in classic mode', async () => {
    await withClient('/mcp/classic', async (client) => {
      expect(await client.callTool('everything__echo', { message: 'hello' })).toContain('hello')
      const path = join(real.folder, 'hello.txt')
      expect(await client.callTool('filesystem__read_text_file', { path })).toBe('hello from a file')
      expect(await client.callTool('memory__read_graph', {})).toContain('entities')
    })
  })

  test('lists four tools in code mode, and reads the index in the instructions', async () => {
    await withClient('/mcp/code', async (client) => {
      const { tools } = await client.listTools()
      expect(tools.map(({ name }) => name)).toEqual(['search_tools', 'describe_tools', 'run_script'])
      expect(client.instructions()).toContain('everything')
    })
  })

  test('finds, reads and calls tools of all servers in code mode', async () => {
    await withClient('/mcp/code', async (client) => {
      expect(await client.callTool('search_tools', { query: 'read a text file' })).toContain(
        'tools.filesystem.read_text_file(',
      )
      expect(await client.callTool('describe_tools', { tools: ['everything.echo'] })).toContain(
        'message: string',
      )
      const code = `
        const [echo, file, graph] = await Promise.all([
          tools.everything.echo({ message: 'hello' }),
          tools.filesystem.read_text_file({ path: ${JSON.stringify(join(real.folder, 'hello.txt'))} }),
          tools.memory.read_graph({}),
        ])
        return { echo, file: file.content, entities: graph.entities.length }`
      const value = JSON.parse(await client.callTool('run_script', { code })) as Record<string, unknown>
      expect(value).toMatchObject({
        echo: expect.stringContaining('hello') as string,
        file: 'hello from a file',
        entities: expect.any(Number) as number,
      })
    })
  })
})
