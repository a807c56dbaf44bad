import { spawn } from 'node:child_process'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import type { StdioPlan } from '../../src/mcp/plan.ts'
import { callOf, canonical, closeAll, settle, stdioPlan } from './harness.ts'

const folders: string[] = []

afterEach(async () => {
  await closeAll()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** The program of an npm package. */
function program(name: string): string {
  const path = createRequire(import.meta.url).resolve(`${name}/package.json`)
  const { bin } = createRequire(import.meta.url)(path) as { bin: string | Record<string, string> }
  const file = typeof bin === 'string' ? bin : Object.values(bin)[0]
  return join(dirname(path), file ?? '')
}

/** What the server says of its tools to somebody who reads the bytes and nothing else. */
async function listByHand(plan: StdioPlan): Promise<unknown[]> {
  const env = { PATH: process.env['PATH'] ?? '', ...plan.env }
  const child = spawn(plan.command, plan.args, { env, stdio: ['pipe', 'pipe', 'ignore'] })
  const send = (message: object): boolean =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  const clientInfo = { name: 'by-hand', version: '1' }
  send({
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  })
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const message = JSON.parse(line) as { id?: number; result?: { tools: unknown[] } }
      if (message.id === 1) {
        send({ method: 'notifications/initialized' })
        send({ id: 2, method: 'tools/list', params: {} })
      }
      if (message.id === 2) return message.result?.tools ?? []
    }
    throw new Error('The server ended.')
  } finally {
    child.stdin.end()
    child.kill()
  }
}

async function plans(): Promise<Record<string, StdioPlan>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'isogate-test-')))
  folders.push(folder)
  await writeFile(join(folder, 'hello.txt'), 'hello, file')
  const plan = (name: string, args: string[], env: Record<string, string> = {}): StdioPlan =>
    stdioPlan('', [], { args: [program(`@modelcontextprotocol/server-${name}`), ...args], env })
  return {
    everything: plan('everything', ['stdio']),
    filesystem: plan('filesystem', [folder]),
    memory: plan('memory', [], { MEMORY_FILE_PATH: join(folder, 'memory.json') }),
  }
}

describe('a real server', () => {
  test.for(['everything', 'filesystem', 'memory'])(
    '%s is listed byte for byte, up to key order',
    async (name) => {
      const plan = (await plans())[name]
      if (plan === undefined) throw new Error('No such plan.')
      const { backend } = await settle(plan)
      expect(backend.status()).toEqual({ state: 'ready' })
      expect(backend.quarantined()).toEqual([])
      const byHand = await listByHand(plan)
      expect(byHand.length).toBeGreaterThan(8)
      expect(backend.tools().map((tool) => canonical(tool.definition))).toEqual(byHand.map(canonical))
    },
  )

  test('is called', async () => {
    const { everything, filesystem, memory } = await plans()
    if (everything === undefined || filesystem === undefined || memory === undefined)
      throw new Error('No plan.')
    const [one, two, three] = await Promise.all([settle(everything), settle(filesystem), settle(memory)])
    const echo = await one.backend.call(callOf('echo', { message: 'hi' }))
    expect(echo.content).toEqual([{ type: 'text', text: 'Echo: hi' }])
    const path = join(String(filesystem.args.at(-1)), 'hello.txt')
    const file = await two.backend.call(callOf('read_text_file', { path }))
    expect(file.structuredContent).toEqual({ content: 'hello, file' })
    const entities = [{ name: 'Ada', entityType: 'person', observations: ['counts'] }]
    await three.backend.call(callOf('create_entities', { entities }))
    const graph = await three.backend.call(callOf('read_graph'))
    expect(graph.structuredContent).toEqual({ entities, relations: [] })
  })
})
