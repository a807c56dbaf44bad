import { fileURLToPath } from 'node:url'

import { Client, StreamableHTTPClientTransport, type ClientOptions } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterEach, expect, test } from 'vitest'

import { startChild } from './child.ts'

const FIXTURE = fileURLToPath(new URL('fixture/main.ts', import.meta.url))
const ERAS: Readonly<Record<string, ClientOptions>> = {
  '2025-11-25': {},
  '2026-07-28': { versionNegotiation: { mode: { pin: '2026-07-28' } } },
}

const closing: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

/** A client that hears of changes of the tools, over HTTP or standard input. */
async function connect(
  way: 'http' | 'stdio',
  options: ClientOptions,
): Promise<{ client: Client; heard: Promise<void> }> {
  const { promise: heard, resolve } = Promise.withResolvers<void>()
  const listChanged = { tools: { autoRefresh: false, onChanged: () => resolve() } }
  const client = new Client({ name: 'test', version: '1.0.0' }, { ...options, listChanged })
  closing.push(() => client.close())
  if (way === 'stdio') {
    await client.connect(new StdioClientTransport({ command: process.execPath, args: [FIXTURE, '--stdio'] }))
    return { client, heard }
  }
  const fixture = await startChild({ args: [FIXTURE], read: ([line]) => line })
  closing.unshift(fixture.close)
  const { url } = JSON.parse(fixture.said) as { url: string }
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  return { client, heard }
}

const namesOf = async (client: Client): Promise<readonly string[]> =>
  (await client.listTools({}, { cacheMode: 'bypass' })).tools.map(({ name }) => name)

for (const way of ['http', 'stdio'] as const)
  for (const [era, options] of Object.entries(ERAS))
    test(`the fixture over ${way} in ${era}: a tool comes, and whoever listens hears of it`, async () => {
      const { client, heard } = await connect(way, options)
      expect(await namesOf(client)).toContain('test_simple_text')
      expect(await namesOf(client)).not.toContain('test_changing_tool')
      await client.callTool({ name: 'test_trigger_tool_change' })
      await heard
      expect(await namesOf(client)).toContain('test_changing_tool')
      const { resources } = await client.listResources()
      expect(resources.map(({ uri }) => uri)).toContain('test://static-text')
    })
