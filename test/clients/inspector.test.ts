import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { TOKEN } from '../gateway/open-house.ts'
import { openRealGateway, type RealGateway } from './real-gateway.ts'

const INSPECTOR = fileURLToPath(new URL('../../node_modules/.bin/mcp-inspector', import.meta.url))

let real: RealGateway
let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'isogate-inspector-'))
  real = await openRealGateway()
})
afterAll(async () => {
  await real.close()
  await rm(home, { recursive: true, force: true })
})

const LIST = '--method tools/list'.split(' ')
const ECHO = '--method tools/call --tool-name everything__echo --tool-arg message=hello'.split(' ')
const SCRIPT = [
  ...'--method tools/call --tool-name run_script --tool-args-json'.split(' '),
  JSON.stringify({ code: 'return await tools.everything.echo({ message: "hi" })' }),
]

/** Runs the Inspector at an endpoint, with a home of its own. */
async function inspect(path: string, era: string, words: readonly string[]): Promise<string> {
  const how = `--transport http --protocol-era ${era} --format json -q --stored-auth-only --header`.split(' ')
  const { stdout } = await promisify(execFile)(
    INSPECTOR,
    ['--cli', real.url + path, ...how, `Authorization: Bearer ${TOKEN}`, ...words],
    {
      env: { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, HOME: home },
      maxBuffer: 16_777_216,
    },
  )
  return stdout
}

/** The names in what `tools/list` printed, whatever stands around them. */
const namesIn = (output: string): string[] =>
  [...output.matchAll(/"name":\s*"([\w-]+)"/g)].map(([, name = '']) => name)

describe.each(['legacy', 'modern', 'auto'])('the Inspector in its %s era', (era) => {
  test('lists and calls in classic mode', async () => {
    const [list, call] = await Promise.all([
      inspect('/mcp/classic', era, LIST),
      inspect('/mcp/classic', era, ECHO),
    ])
    expect(namesIn(list)).toEqual(expect.arrayContaining(['everything__echo', 'memory__read_graph']))
    expect(call).toContain('Echo: hello')
  })

  test('lists and calls in code mode', async () => {
    const [list, call] = await Promise.all([
      inspect('/mcp/code', era, LIST),
      inspect('/mcp/code', era, SCRIPT),
    ])
    expect(namesIn(list)).toEqual(['search_tools', 'describe_tools', 'run_script'])
    expect(call).toContain('Echo: hi')
  })
})
