import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

import { Client as SecondClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as SecondTransport } from '@modelcontextprotocol/client/stdio'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as FirstTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { makeFolder, realServers } from './real-gateway.ts'

const PROGRAM = fileURLToPath(new URL('../../src/bin.js', import.meta.url))
const DOOR = fileURLToPath(new URL('../fixtures/stdio-door.ts', import.meta.url))
const WHO = { name: 'test', version: '1.0.0' }

let folder: string
/** How a client of the day starts the gateway. */
let start: { command: string; args: string[]; stderr: 'ignore' }

beforeAll(async () => {
  folder = await makeFolder()
  const config = join(folder, 'isogate.json')
  await writeFile(
    config,
    JSON.stringify({
      servers: realServers(folder),
      policy: { deny: ['filesystem.write_file'] },
      mode: 'classic',
    }),
  )
  start = { command: process.execPath, args: [PROGRAM, 'stdio', '--config', config], stderr: 'ignore' }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('isogate stdio', () => {
  test('serves a client of SDK 1.x', async () => {
    const client = new FirstClient(WHO)
    await client.connect(new FirstTransport(start))
    try {
      const { tools } = await client.listTools()
      const names = tools.map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining(['everything__echo', 'memory__read_graph']))
      expect(names).not.toContain('filesystem__write_file')
      const { content } = await client.callTool({ name: 'everything__echo', arguments: { message: 'hello' } })
      expect(content).toEqual([{ type: 'text', text: 'Echo: hello' }])
      await expect(
        client.callTool({
          name: 'filesystem__write_file',
          arguments: { path: join(folder, 'x'), content: '' },
        }),
      ).rejects.toMatchObject({ code: -32602, data: { code: 'unknown_tool' } })
    } finally {
      await client.close()
    }
  })

  test('serves a client of the era 2026-07-28', async () => {
    const client = new SecondClient(WHO, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
    await client.connect(new SecondTransport(start))
    try {
      const { content } = await client.callTool({ name: 'everything__echo', arguments: { message: 'hello' } })
      expect(content).toEqual([{ type: 'text', text: 'Echo: hello' }])
    } finally {
      await client.close()
    }
  })
})

test('garbage on the input is left out, and what comes after it is answered', async () => {
  const child = spawn(process.execPath, [DOOR], { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const lines = createInterface({ input: child.stdout })
  const answers: Record<string, unknown>[] = []
  const answered = new Promise<void>((resolve) =>
    lines.on('line', (line) => {
      const message = JSON.parse(line) as Record<string, unknown>
      answers.push(message)
      if (message['id'] === 2) resolve()
    }),
  )
  const send = (message: object): boolean =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  child.stdin.write('hello\n{\n[]\nnull\n{"jsonrpc":"2.0"}\n\n')
  child.stdin.write(`${'['.repeat(10_000)}${']'.repeat(10_000)}\n`)
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: WHO },
  })
  send({ method: 'notifications/initialized' })
  child.stdin.write('garbage in between\n')
  send({ id: 2, method: 'tools/call', params: { name: 'alpha__say', arguments: { text: 'still here' } } })
  await answered
  child.stdin.end()
  expect(answers.find(({ id }) => id === 2)?.['result']).toMatchObject({
    content: [{ text: 'said still here' }],
  })
  expect(await ended).toBe(0)
})
