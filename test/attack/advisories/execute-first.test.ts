import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { openGateway, systemClock } from '../../../src/assemble.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../../src/config/schema.ts'
import type { Audit, AuditEvent } from '../../../src/core/audit.ts'
import { createPlace, run, type Place } from '../../cli/program.ts'
import { rpc } from '../../http/raw-request.ts'
import { serveConfig } from './upstream.ts'

/*
 * CVE-2026-30623 (LiteLLM, "execute first, validate later"): the command of a server ran, whatever it was, before anything was looked at. Here commands come from the
 * configuration alone; it is looked at as a whole first, what is to be started is noted first, and what is started is exactly the words that stand there.
 */

let place: Place
let folder: string
let marker: string

beforeEach(async () => {
  place = await createPlace()
  folder = mkdtempSync(join(tmpdir(), 'isogate-execute-'))
  marker = join(folder, 'ran')
})
afterEach(async () => {
  await place.remove()
  rmSync(folder, { recursive: true })
})

const touch = (): object => ({ command: 'touch', args: [marker] })
const yaml = (config: object): string => JSON.stringify(config)

describe('nothing is started', () => {
  test.each<[string, (server: object) => object]>([
    [
      'where another server is wrong',
      (server) => ({ servers: { a: server, b: { command: 'x', url: 'http://y/' } } }),
    ],
    ['where something else is wrong', (server) => ({ servers: { a: server }, policy: { deny: 'all' } })],
    ['where a key is not known', (server) => ({ servers: { a: server }, preview: true })],
    ['where it is disabled', (server) => ({ servers: { a: { ...server, enabled: false } } })],
    [
      'where a reference leads nowhere',
      (server) => ({ servers: { a: server, b: { command: '${env:NOT_THERE_1}' } } }),
    ],
  ])('%s', async (_what, configWith) => {
    await place.write('isogate.yaml', yaml(configWith(touch())))
    for (const args of [['validate'], ['servers', 'ls']]) await run(place, args)
    expect(existsSync(marker)).toBe(false)
  })

  test('by what only looks at a configuration', async () => {
    const file = await place.write('isogate.yaml', yaml({ servers: { a: touch() } }))
    const foreign = await place.write('foreign.json', yaml({ mcpServers: { b: touch() } }))
    for (const args of [['validate'], ['diff', file], ['import', '--dry-run', foreign], ['import', foreign]])
      await run(place, args)
    expect(existsSync(marker)).toBe(false)
  })
})

test('what is started is noted before it is', async () => {
  const seen: { event: AuditEvent; ran: boolean }[] = []
  const audit: Audit = {
    note: (event) => void seen.push({ event, ran: existsSync(marker) }),
    record: () => Promise.resolve(),
    requireReady: () => {},
    close: () => Promise.resolve(),
  }
  const quiet = (): void => {}
  const log = { error: quiet, warn: quiet, info: quiet, debug: quiet }
  const config = { servers: { a: { ...touch(), timeouts: { connectMs: 2_000 } } }, store: { path: false } }
  const gateway = openGateway(compileConfig(toConfig(CONFIG_SCHEMA.parse(config)), folder), {
    clock: systemClock,
    version: '0.0.0',
    log,
    audit,
  })
  await gateway.settled()
  await gateway.close()
  const started = seen.filter(({ event }) => event.kind === 'server.started')
  expect(started).toMatchObject([{ ran: false, event: { detail: { server: 'a', command: 'touch' } } }])
  // An argument may be a credential.
  expect(JSON.stringify(started)).not.toContain(marker)
  expect(existsSync(marker)).toBe(true)
})

test('a program that is no server is down, and none of its words are taken for tools', async () => {
  await using house = await serveConfig({
    servers: { a: { command: 'echo', args: ['{"jsonrpc":"2.0","method":"tools/list"}'] } },
  })
  expect(house.gateway.servers()).toMatchObject([{ status: { state: 'down' }, tools: 0 }])
})

describe('there is no shell between the configuration and the program', () => {
  test.each<[string, (file: string) => object]>([
    ['a substitution', (file) => ({ command: 'echo', args: [`$(touch ${file})`, `\`touch ${file}\``] })],
    ['a second command', (file) => ({ command: 'echo', args: [`; touch ${file}`, '&&', 'touch', file] })],
    ['a pipe', (file) => ({ command: 'echo', args: ['x', '|', 'tee', file, '>', file] })],
    ['a line break', (file) => ({ command: 'echo', args: [`x\ntouch ${file}`] })],
    ['a command with arguments in it', (file) => ({ command: `touch ${file}` })],
    ['a command that is a substitution', (file) => ({ command: `$(touch ${file})` })],
    [
      'a variable',
      (file) => ({ command: 'echo', args: ['x'], env: { X: `$(touch ${file})`, PS4: `$(touch ${file})` } }),
    ],
    ['a folder', (file) => ({ command: 'echo', args: ['x'], cwd: `/tmp/$(touch ${file})` })],
  ])('%s', async (_what, serverWith) => {
    await using house = await serveConfig({ servers: { a: serverWith(marker) } })
    expect(house.gateway.servers()).toMatchObject([{ status: { state: 'down' } }])
    expect(existsSync(marker)).toBe(false)
  })
})

test('what a shell reads first is read by none', async () => {
  const planted = await place.write('planted', `touch ${marker}\n`)
  const env = {
    ENV: planted,
    BASH_ENV: planted,
    PROMPT_COMMAND: `. ${planted}`,
    SHELLOPTS: 'xtrace',
    PS4: `$(. ${planted})`,
  }
  await using house = await serveConfig({ servers: { a: { command: 'echo', args: ['x'], env } } })
  expect(house.gateway.servers()).toMatchObject([{ status: { state: 'down' } }])
  expect(existsSync(marker)).toBe(false)
})

test('a server inherits nothing by which its program could be made to run something else', async () => {
  const dangerous = [
    'NODE_OPTIONS',
    'LD_LIBRARY_PATH',
    'BASH_ENV',
    'PYTHONSTARTUP',
    'PERL5OPT',
    'RUBYOPT',
    'GIT_SSH_COMMAND',
  ]
  const before = dangerous.map((name) => [name, process.env[name]] as const)
  for (const name of dangerous)
    process.env[name] = name === 'NODE_OPTIONS' ? '--no-warnings' : `${folder}/planted`
  try {
    const program = fileURLToPath(new URL('../../fixtures/servers/env.ts', import.meta.url))
    await using house = await serveConfig({ servers: { a: { command: process.execPath, args: [program] } } })
    const { last } = await rpc(`${house.url}/mcp/classic`, 'legacy', 'tools/call', {
      name: 'a__env',
      arguments: {},
    })
    const { env } = (last.result ?? {})['structuredContent'] as { env: Record<string, string> }
    expect(Object.keys(env)).toContain('PATH')
    for (const name of dangerous) expect(Object.keys(env)).not.toContain(name)
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
})
