import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, describe, expect, test } from 'vitest'

import type { BenchReport } from '../../src/bench/points.ts'
import { runInProcess } from './in-process.ts'
import { createPlace, eventually, run, start, type Place } from './program.ts'

let place: Place
afterEach(() => place.remove())

const QUICK = ['--catalog', 'generated', '--sizes', '96', '--only', 'support-ticket-owner']

describe('isogate bench tokens --check', { timeout: 60_000 }, () => {
  test('tells each target with what was asked and measured, and what was not judged', async () => {
    place = await createPlace()
    const { code, stdout } = await run(place, ['bench', 'tokens', ...QUICK, '--check'])
    const verdicts = [
      ...stdout.matchAll(/^ {2}(met|missed): input tokens of code, 96 tools: .*, at most -75%$/gm),
    ]
    expect(verdicts).toHaveLength(1)
    expect(stdout).toMatch(/^ {2}input tokens of code, 508 tools: nothing was played at 508 tools$/m)
    expect(code).toBe(/^ {2}missed: /m.test(stdout) ? 1 : 0)
  })

  test('is an error where nothing can be judged, and beside JSON the words stand elsewhere', async () => {
    place = await createPlace()
    const args = ['bench', 'tokens', ...QUICK, '--modes', 'code', '--check', '--json']
    const { code, stdout, stderr } = await run(place, args)
    expect(code).toBe(1)
    const { points } = JSON.parse(stdout) as BenchReport
    expect(points.map(({ ok }) => ok)).toEqual([true])
    expect(stderr).toContain('Targets: nothing could be judged.')
  })
})

describe('files that cannot be written', { timeout: 60_000 }, () => {
  test.each(['--out', '--report'])('of %s are known before anything is played', async (flag) => {
    place = await createPlace()
    const ended = await run(place, ['bench', 'tokens', ...QUICK, flag, 'nowhere/file'])
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain('[file_unwritable]')
  })
})

test(
  'interrupted, what was played is printed with a word that it is not all',
  { timeout: 60_000 },
  async () => {
    place = await createPlace()
    await place.write('old.json', 'of an earlier run')
    const running = start(place, ['bench', 'tokens', '--catalog', 'generated', '--out', 'old.json'])
    // Said once, after a while.
    await eventually(() => running.stderr().includes('Playing tasks'), 30_000)
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    running.child.kill('SIGINT')
    const { code, stdout, stderr } = await running.ended
    expect(code).toBe(130)
    const [, done = '', all = ''] = /^Interrupted: these are (\d+) of (\d+) plays/.exec(stdout) ?? []
    expect(Number(done)).toBeGreaterThan(0)
    expect(Number(done)).toBeLessThan(Number(all))
    expect(stdout).toMatch(/^TOOLS +MODE|^ *TOOLS/m)
    expect(stderr).toContain('Nothing is written into old.json.')
    expect(await readFile(join(place.folder, 'old.json'), 'utf8')).toBe('of an earlier run')
  },
)

test.each([
  [['tokens', '--parallel-calls', '1.5'], '--parallel-calls: a whole number'],
  [['tokens', '--parallel-calls', '0'], '--parallel-calls: a whole number'],
  [['latency', '--repeats', '0.5'], '--repeats: a whole number'],
  [['latency', '--repeats', ''], '--repeats: a whole number'],
  [['tokens', '--model', 'm', '--repeats', '1e9'], '--repeats: a whole number'],
])('bench %j is refused', async (args, text) => {
  place = await createPlace()
  const { code, stderr } = await runInProcess(place.folder, ['bench', ...args])
  expect(code).toBe(2)
  expect(stderr).toContain(text)
})

test('isogate bench compare says that plays of a live model are not compared', async () => {
  place = await createPlace()
  await writeFile(join(place.folder, 'live.json'), JSON.stringify({ format: 'isogate-bench-live/1' }))
  const { code, stderr } = await runInProcess(place.folder, ['bench', 'compare', 'live.json', 'live.json'])
  expect(code).toBe(1)
  expect(stderr).toContain('live model')
})
