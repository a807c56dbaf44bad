import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { TOKEN } from '../gateway/open-house.ts'
import { findProgram } from '../lossless/installed-program.ts'
import { installOnDemand } from '../on-demand.ts'
import { openRealGateway, type RealGateway } from './real-gateway.ts'

const PACK = 'mcporter@0.12.3'
const CODE_TOOLS = ['search_tools', 'describe_tools', 'run_script']

let real: RealGateway
let program: string
let home: string
beforeAll(async () => {
  console.log(`Installing ${PACK} where it is not there yet`)
  program = await findProgram(await installOnDemand([PACK]), PACK)
  home = await mkdtemp(join(tmpdir(), 'isogate-mcporter-'))
  real = await openRealGateway()
})
afterAll(async () => {
  await real.close()
  await rm(home, { recursive: true, force: true })
})

/** Runs mcporter with one server, an endpoint of the gateway, and a home of its own. */
async function mcporter(path: string, words: readonly string[], token = TOKEN): Promise<string> {
  const gateway = { url: real.url + path, headers: { Authorization: `Bearer ${token}` } }
  const config = join(home, 'mcporter.json')
  await writeFile(config, JSON.stringify({ mcpServers: { gateway }, imports: [] }))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, '--config', config, ...words, '--no-oauth'],
    {
      env: { PATH: process.env['PATH'] ?? '', HOME: home },
      cwd: home,
      timeout: 60_000,
    },
  )
  return stdout
}

/** The names of the tools that an endpoint lists to mcporter. */
async function namesAt(path: string): Promise<readonly string[]> {
  const { tools } = JSON.parse(await mcporter(path, ['list', 'gateway', '--json'])) as {
    tools: readonly { readonly name: string }[]
  }
  return tools.map(({ name }) => name)
}

const ECHO = ['call', 'gateway.everything__echo', 'message=hello']
const SCRIPT = [
  'call',
  'gateway.run_script',
  '--args',
  JSON.stringify({ code: 'return await tools.everything.echo({ message: "hi" })' }),
]

test('lists and calls at /mcp/classic', async () => {
  const names = await namesAt('/mcp/classic')
  expect(names).toHaveLength(real.gateway.servers().reduce((sum, { tools }) => sum + tools, 0))
  expect(names).toEqual(expect.arrayContaining(['everything__echo', 'memory__read_graph']))
  expect(await mcporter('/mcp/classic', ECHO)).toBe('Echo: hello\n')
  expect(
    await mcporter('/mcp/classic', [
      'call',
      'gateway.filesystem__read_text_file',
      `path=${join(real.folder, 'hello.txt')}`,
    ]),
  ).toContain('hello from a file')
})

describe.each(['/mcp', '/mcp/code'])('at %s, in Code Mode', (path) => {
  test('lists three tools, searches and runs a script', async () => {
    expect(await namesAt(path)).toEqual(CODE_TOOLS)
    const search = ['call', 'gateway.search_tools', 'query=read a text file']
    expect(await mcporter(path, search)).toContain('tools.filesystem.read_text_file(')
    expect(await mcporter(path, SCRIPT)).toContain('Echo: hi')
  })
})

test('reads the whole schemas', async () => {
  const text = await mcporter('/mcp/classic', ['list', 'gateway', '--schema'])
  expect(text).toContain('function everything__echo(message: string)')
})

test('is refused without the token', async () => {
  const list = ['list', 'gateway', '--json', '--exit-code']
  await expect(mcporter('/mcp/classic', list)).resolves.toContain('everything__echo')
  await expect(mcporter('/mcp/classic', list, 'isg_another-token')).rejects.toMatchObject({ code: 1 })
})
