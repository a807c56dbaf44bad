import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../../src/bin.js', import.meta.url))
const CHANGING = fileURLToPath(new URL('../fixtures/servers/changing.ts', import.meta.url))

test('a client of isogate stdio hears that the tools of a server have changed, and lists the new ones', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'isogate-changed-'))
  const config = join(folder, 'isogate.json')
  const servers = { changing: { command: process.execPath, args: [CHANGING] } }
  await writeFile(config, JSON.stringify({ servers, mode: 'classic' }))
  const client = new Client({ name: 'test', version: '1.0.0' })
  const changed = Promise.withResolvers<void>()
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => changed.resolve())
  try {
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [PROGRAM, 'stdio', '--config', config],
        stderr: 'ignore',
      }),
    )
    const namesOf = async (): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name)
    expect(await namesOf()).toContain('changing__tool_v0')
    await client.callTool({ name: 'changing__flood', arguments: {} })
    await changed.promise
    expect(await namesOf()).not.toContain('changing__tool_v0')
  } finally {
    await client.close()
    await rm(folder, { recursive: true, force: true })
  }
})
