import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import type { BenchReport } from '../../src/bench/points.ts'
import { createPlace, realServer, run, scriptServer, type Place } from './program.ts'

let place: Place
afterEach(() => place.remove())

const QUICK = ['--catalog', 'generated', '--sizes', '20', '--only', 'support-ticket-owner']

describe('isogate bench tokens', { timeout: 60_000 }, () => {
  test('prints a table, writes the report and the figures, and a second run says the same', async () => {
    place = await createPlace()
    const args = ['bench', 'tokens', ...QUICK, '--out', 'a.json', '--report', 'a.html']
    const { code, stdout } = await run(place, args)
    expect(code).toBe(0)
    expect(stdout).toMatch(/20\s+classic\s+1\/1\s+2 /)
    expect(stdout).toMatch(/20\s+code\s+1\/1\s+3 /)
    const report = JSON.parse(await readFile(join(place.folder, 'a.json'), 'utf8')) as BenchReport
    expect(report).toMatchObject({ format: 'isogate-bench/1', isTimed: false, tokenizer: 'o200k_base' })
    expect(report.points.map(({ mode, ok }) => [mode, ok])).toEqual([
      ['auto', true],
      ['classic', true],
      ['code', true],
      ['search', true],
    ])
    expect(await readFile(join(place.folder, 'a.html'), 'utf8')).toMatch(/^<!doctype html>/i)

    const again = await run(place, ['bench', 'tokens', ...QUICK, '--out', 'b.json'])
    expect(again.stdout).toBe(stdout)
    const second = JSON.parse(await readFile(join(place.folder, 'b.json'), 'utf8')) as BenchReport
    expect(second.points).toEqual(report.points)

    const compared = await run(place, ['bench', 'compare', 'a.json', 'b.json'])
    expect(compared.code).toBe(0)
    await place.write('c.json', JSON.stringify(worse(report)))
    const regressed = await run(place, ['bench', 'compare', 'a.json', 'c.json'])
    expect(regressed.code).toBe(1)
    expect(regressed.stdout).toContain('support-ticket-owner')
  })

  test('lists the servers of a configuration, and plays tasks of the person on them', async () => {
    place = await createPlace({ servers: { everything: realServer('everything') } })
    const listed = await run(place, ['bench', 'tokens', '--only', 'support-ticket-owner', '--json'])
    const { catalog } = JSON.parse(listed.stdout) as BenchReport
    expect(catalog.source).toBe('1 of 1 servers of the configuration')
    expect(listed.stderr).toMatch(/cannot fill (25, )?50, 96,.* all \d+ are played instead/)
    // Ten of the task, and all that the server has: more sizes than that there are not.
    expect(catalog.sizes.map(({ tools }) => tools)).toEqual([
      10,
      expect.toSatisfy((n: number) => n > 15 && n < 40),
    ])

    await place.write('tasks.yaml', TASKS)
    const own = await run(place, ['bench', 'tokens', '--tasks', 'tasks.yaml', '--json'])
    const { points } = JSON.parse(own.stdout) as BenchReport
    expect(points.map(({ task, mode, ok, reason, calls }) => ({ task, mode, ok, reason, calls }))).toEqual(
      ['auto', 'classic', 'code', 'search'].flatMap((mode) => ({
        task: 'add-two',
        mode,
        ok: true,
        calls: 2,
      })),
    )
  })

  test('names servers that are down, and leaves out tools that the rules deny to everybody', async () => {
    const servers = { everything: realServer('everything'), broken: scriptServer('process.exit(3)') }
    const args = ['bench', 'tokens', '--modes', 'classic', '--only', 'support-ticket-owner', '--json']
    const toolsOf = async (config: object): Promise<number> => {
      place = await createPlace(config)
      const { stdout, stderr } = await run(place, args)
      const { catalog } = JSON.parse(stdout) as BenchReport
      expect(catalog.source).toBe('1 of 2 servers of the configuration')
      expect(stderr).toContain('broken is down: ')
      await place.remove()
      return catalog.sizes.at(-1)?.tools ?? 0
    }
    const all = await toolsOf({ servers })
    const deny = ['everything.echo', 'everything.get-sum']
    expect(await toolsOf({ servers, policy: { deny } })).toBe(all - 2)

    place = await createPlace({ servers })
    await place.write('tasks.yaml', TASKS.replaceAll('everything.echo', 'broken.echo'))
    const own = await run(place, ['bench', 'tokens', '--tasks', 'tasks.yaml'])
    expect(own).toMatchObject({ code: 1, stdout: '' })
    expect(own.stderr).toMatch(/\[upstream_unavailable\].*"broken", which is down/)
  })

  test('starts servers of the person anew for each play: none sees what another one has left', async () => {
    place = await createPlace({ servers: { counter: scriptServer(COUNTER) } })
    await place.write('tasks.yaml', COUNT_TASK)
    const { code, stdout } = await run(place, [
      'bench',
      'latency',
      '--tasks',
      'tasks.yaml',
      '--repeats',
      '2',
      '--json',
    ])
    expect(code).toBe(0)
    const { points, catalog } = JSON.parse(stdout) as BenchReport
    expect(points.map(({ mode, ok, reason }) => ({ mode, ok, reason }))).toEqual(
      ['auto', 'classic', 'code', 'search'].map((mode) => ({ mode, ok: true })),
    )
    expect(catalog.source).toContain('keep it between plays')
  })

  test('a task that fails is told, and with --check it is an error', async () => {
    place = await createPlace({ servers: { everything: realServer('everything') } })
    await place.write('tasks.yaml', TASKS.replace('expected: 42', 'expected: 43'))
    const { code, stdout } = await run(place, ['bench', 'tokens', '--tasks', 'tasks.yaml', '--check'])
    expect(code).toBe(1)
    expect(stdout).toMatch(/add-two[^]*the answer is 42, not 43/)
  })

  test.each([
    [['--sizes', '5'], 2, '--sizes'],
    [['--modes', 'fast'], 2, '--modes'],
    [['--prices', '1,2'], 2, '--prices'],
    [['--only', 'nobody'], 2, 'support-ticket-owner'],
    [['--catalog', 'none.json'], 1, '[file_unreadable]'],
    [['--tasks', 'bad.yaml'], 1, '[config_invalid]'],
    [['--tasks', 'bad.yaml', '--sizes', '20'], 2, '--sizes does not go with it'],
    [['--tasks', 'bad.yaml', '--catalog', 'generated'], 2, '--catalog does not go with it'],
  ])('%j is an error that says what to do', async (args, code, text) => {
    place = await createPlace()
    await place.write('bad.yaml', 'tasks:\n  - name: x\n    kind: singel\n')
    const ended = await run(place, ['bench', 'tokens', ...args])
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toContain(text)
  })
})

test('isogate bench latency measures gateway and tools', { timeout: 60_000 }, async () => {
  place = await createPlace()
  const { code, stdout } = await run(place, ['bench', 'latency', ...QUICK, '--repeats', '2', '--json'])
  expect(code).toBe(0)
  const { isTimed, points } = JSON.parse(stdout) as BenchReport
  expect(isTimed).toBe(true)
  expect(points.every(({ turns }) => turns.slice(0, -1).every(({ toolMs }) => (toolMs ?? 0) > 0))).toBe(true)
})

function worse(report: BenchReport): BenchReport {
  const points = report.points.map((point) => ({
    ...point,
    turns: point.turns.map((turn) => ({ ...turn, input: Math.round(turn.input * 1.1) })),
  }))
  return { ...report, points }
}

/** The tasks of the documentation. */
const TASKS =
  /```yaml\n(tasks:[^]*?)```/.exec(
    readFileSync(new URL('../../docs/bench.md', import.meta.url), 'utf8'),
  )?.[1] ?? ''

/** A server with a state in its process: how often it was asked. */
const COUNTER = `
let count = 0
const tool = { name: 'get.count', description: 'Count up and tell how often.', inputSchema: { type: 'object' } }
const results = {
  initialize: () => ({ protocolVersion: '2025-06-18', capabilities: { tools: {} }, serverInfo: { name: 'counter', version: '1' } }),
  'tools/list': () => ({ tools: [tool] }),
  'tools/call': () => ({ content: [{ type: 'text', text: String(++count) }] }),
}
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line)
  if (id === undefined) return
  const result = results[method]
  const error = { code: -32601, message: 'no such method' }
  console.log(JSON.stringify({ jsonrpc: '2.0', id, ...(result === undefined ? { error } : { result: result() }) }))
})`

const COUNT_TASK = `
tasks:
  - name: count-up
    kind: single
    goal: Count up.
    tools: [{ tool: counter.get.count, lookups: [count up] }]
    direct: [{ as: count, calls: [{ tool: counter.get.count }] }]
    scripts: [{ code: 'return Number(await tools.counter.get_count({}))' }]
    answer: { direct: 'steps.count[0]', script: 'steps.script[0]' }
    say: That was the first time.
    expected: 1
    state: [{ tool: counter.get.count, expect: 'result == 2' }]
`
