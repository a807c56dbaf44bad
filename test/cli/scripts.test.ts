import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { systemClock } from '../../src/assemble.ts'
import { runCli } from '../../src/cli/cli.ts'
import type { CliPorts, Output } from '../../src/cli/ports.ts'
import type { ScriptPorts } from '../../src/cli/scripts/desk.ts'
import type { Plan } from '../../src/config/compile.ts'
import { createReadFile } from '../../src/config/files.ts'
import { createUpstream } from '../../src/mcp/upstream/upstream.ts'
import type { Log } from '../../src/telemetry/log.ts'
import { assembleScripts } from '../scripts/saved/assemble.ts'
import { createPlace, realServer, type Ended, type Place } from './program.ts'

let place: Place
beforeAll(async () => {
  place = await createPlace()
  const servers = {
    everything: realServer('everything'),
    filesystem: realServer('filesystem', [place.folder]),
    memory: { ...realServer('memory'), env: { MEMORY_FILE_PATH: join(place.folder, 'memory.json') } },
  }
  await place.write('isogate.yaml', JSON.stringify({ servers, policy: { auto: ['*'] } }))
})
afterAll(() => place.remove())

function notHere(): never {
  throw new Error('This is not needed here.')
}

function open(plan: Plan, log: Log) {
  const { gateway } = assembleScripts({
    plan,
    log,
    journal: { write: () => {} },
    createUpstream: (server) => createUpstream(server, { clock: systemClock, log, version: '0.0.0' }),
  })
  const keyring = { of: notHere, authenticate: notHere }
  return { ...gateway, principalOf: notHere, governance: { note: notHere, keyring } }
}

/** Runs a verb within this process: gateway, sandbox and servers are real. */
async function isogate(args: readonly string[], stdin = ''): Promise<Ended> {
  const texts = { stdout: '', stderr: '' }
  const output = (name: keyof typeof texts): Output => ({
    write: (text) => void (texts[name] += text),
    isTerminal: false,
    columns: 100,
    stream: new PassThrough(),
  })
  const ports: CliPorts & ScriptPorts = {
    version: '1.2.3',
    env: {},
    cwd: place.folder,
    home: place.folder,
    platform: process.platform,
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: () => Promise.resolve(stdin),
    stdinEnded: notHere,
    readFile: createReadFile(),
    writeFile: notHere,
    onHangup: notHere,
    watchFile: notHere,
    interrupted: new AbortController().signal,
    showsStacks: false,
    newId: () => 'reference',
    nowMs: Date.now,
    openStore: notHere,
    openStoreDesk: notHere,
    openBench: notHere,
    openGateway: (plan, log) => Promise.resolve(open(plan, log)),
    openScripts: (plan, log) => {
      const gateway = open(plan, log)
      return Promise.resolve({ gateway, desk: gateway.desk })
    },
    inspectServers: notHere,
    listenHttp: notHere,
    listenAdmin: notHere,
    loadAdminToken: notHere,
    openApprovals: notHere,
    listenStdio: notHere,
    loadToken: notHere,
    hashToken: notHere,
  }
  return { code: await runCli(['scripts', ...args], ports), ...texts }
}

const WRITE = `/** Writes a note and says what it holds. */
async (input) => {
  await tools.filesystem.write_file({ path: input.path, content: input.text })
  const { content } = await tools.filesystem.read_text_file({ path: input.path })
  console.log('wrote', content.length)
  return { content, sum: await tools.everything.get_sum({ a: content.length, b: 1 }) }
}
`

describe('a script over real servers', () => {
  test('save runs the example, writes the files and says how to call it', async () => {
    await place.write('write.ts', WRITE)
    const example = JSON.stringify({ path: join(place.folder, 'note.txt'), text: 'hello' })
    const { code, stdout, stderr } = await isogate([
      'save',
      'write',
      '--file',
      'write.ts',
      '--example',
      example,
    ])
    expect({ code, stderr: stderr.replaceAll(/^Start.*\n|^Saving.*\n/gm, '') }).toEqual({
      code: 0,
      stderr: '',
    })
    expect(stdout).toContain('scripts.write is saved, with 1 recorded run.')
    expect(stdout).toContain('everything.get-sum, filesystem.read_text_file, filesystem.write_file')
    expect(stdout).toContain('tools.scripts.write({ path: string; text: string })'.replace(';', ','))
    expect(stdout).toContain('isogate.lock')
    const manifest = JSON.parse(readFileSync(join(place.folder, 'scripts/write.json'), 'utf8')) as object
    expect(manifest).toMatchObject({ description: 'Writes a note and says what it holds.' })
  })

  test('list shows it', async () => {
    const { code, stdout } = await isogate(['list'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/✓ write +Writes a note/)
    const listed = JSON.parse((await isogate(['list', '--json'])).stdout) as object
    expect(listed).toMatchObject({
      scripts: [{ name: 'write', state: 'fits', examples: 1, behind: [] }],
      problems: [],
    })
  })

  test('run calls it, with its value on one output and its logs on the other', async () => {
    const input = JSON.stringify({ path: join(place.folder, 'other.txt'), text: 'four' })
    const { code, stdout, stderr } = await isogate(['run', 'write', '--input', '-'], input)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({ content: 'four', sum: 'The sum of 4 and 1 is 5.' })
    expect(stderr).toContain('log: wrote 4')
    expect(await readFile(join(place.folder, 'other.txt'), 'utf8')).toBe('four')
  })

  test('run --dry-run changes nothing', async () => {
    const path = join(place.folder, 'other.txt')
    const input = JSON.stringify({ path, text: 'never' })
    const { code, stdout } = await isogate(['run', 'write', '--input', input, '--dry-run'])
    expect(code).toBe(0)
    expect(stdout).toContain('filesystem.write_file({')
    expect(await readFile(path, 'utf8')).toBe('four')
  })

  test('check plays the recorded run, and fails when the code was changed wrongly', async () => {
    const good = await isogate(['check'])
    expect({ code: good.code, stdout: good.stdout }).toEqual({ code: 0, stdout: '✓ write  1 recorded run\n' })
    await place.write('scripts/write.ts', WRITE.replace('b: 1', 'b: 2'))
    const bad = await isogate(['check', 'write'])
    expect(bad.code).toBe(1)
    expect(bad.stdout).toMatch(
      /✗ write +broken\n +example 1: it called everything\.get-sum\(\{"a":5,"b":2\}\)/,
    )
    await place.write('scripts/write.ts', WRITE)
  })

  test('check --update writes a lock that is missing', async () => {
    await place.write('isogate.lock', JSON.stringify({ version: 1, tools: {}, aliases: {} }))
    expect((await isogate(['check'])).stdout).toContain('the lock is behind for ')
    const { code, stdout } = await isogate(['check', '--update'])
    expect(code).toBe(0)
    expect(stdout).toContain('isogate.lock is written.')
    const lock = JSON.parse(await readFile(join(place.folder, 'isogate.lock'), 'utf8')) as { tools: object }
    expect(Object.keys(lock.tools)).toEqual([
      'everything.get-sum',
      'filesystem.read_text_file',
      'filesystem.write_file',
    ])
    expect((await isogate(['check'])).stdout).not.toContain('behind')
  })
})

describe('what is wrong is said', () => {
  test.each([
    [['run', 'nothing'], /unknown_tool/, 1],
    [['check', 'nothing'], undefined, 1],
    [['save', '../x', '--file', 'write.ts'], /invalid_arguments.*cannot be the name/, 1],
    [['save', 'write', '--file', 'write.ts', '--example', '{"path":"a","text":"b"}'], /file_exists/, 1],
    [['save', 'other', '--file', 'absent.ts'], /file_unreadable/, 1],
    [['save', 'other', '--file', 'write.ts', '--example', '[1]'], /one JSON object/, 2],
    [['run', 'write', '--input', '{'], /not valid JSON/, 2],
  ] as const)('%j', async (args, said, exit) => {
    const { code, stderr } = await isogate(args)
    if (said !== undefined) expect(stderr).toMatch(said)
    expect(code).toBe(exit)
  })

  test('without a configuration option every verb has its help', async () => {
    for (const verb of ['save', 'list', 'check', 'run']) {
      const { code, stdout } = await isogate([verb, '--help'])
      expect(code).toBe(0)
      expect(stdout).toContain('Examples:')
    }
  })
})
