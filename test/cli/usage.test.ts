import { afterAll, beforeAll, expect, test } from 'vitest'

import { runInProcess } from './in-process.ts'
import { createPlace, run as runProgram, type Place } from './program.ts'

let place: Place
beforeAll(async () => {
  place = await createPlace()
})
afterAll(() => place.remove())

/** In this process: what is tested here ends before anything of a gateway is opened. */
const run = (where: Place, args: readonly string[]) => runInProcess(where.folder, args)

const VERBS = [
  ['serve'],
  ['stdio'],
  ['init'],
  ['validate'],
  ['diff'],
  ['import'],
  ['run'],
  ['savings'],
  ['servers', 'ls'],
  ['servers', 'logs'],
  ['tools', 'ls'],
  ['tools', 'search'],
  ['tools', 'describe'],
  ['tools', 'call'],
]

test.each(VERBS.map((verb) => [verb.join(' '), verb] as const))(
  'help of %s has examples and exit codes',
  async (name, verb) => {
    const { code, stdout, stderr } = await run(place, [...verb, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(`Usage: isogate ${name}`)
    const examples = stdout.slice(stdout.indexOf('Examples:'))
    expect(examples.split(`isogate ${name}`).length, 'at least two examples').toBeGreaterThan(2)
    expect(stdout).toContain('Exit codes:')
  },
)

test('the help of the program lists the verbs, without colours where there is no terminal', async () => {
  const { code, stdout } = await run(place, ['--help'])
  expect(code).toBe(0)
  for (const [verb] of VERBS) expect(stdout).toMatch(new RegExp(`^  ${verb}\\b`, 'm'))
  expect(stdout).not.toContain('\u001b')
})

test('the program itself: version, wrong usage, and a failure', async () => {
  const version = await runProgram(place, ['--version'])
  expect(version).toMatchObject({ code: 0, stderr: '' })
  expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(await runProgram(place, ['serv'])).toMatchObject({ code: 2, stdout: '' })
  const failed = await runProgram(place, ['tools', 'ls'])
  expect(failed).toMatchObject({ code: 1, stdout: '' })
  expect(failed.stderr).toMatch(/^isogate: \[config_not_found\]/)
  expect((await runProgram(place, ['serve', '--log-level', 'debug'])).stderr).toContain('    at ')
})

test.each([
  [['serv'], 'Did you mean serve?'],
  [['tools', 'serach', 'x'], 'Did you mean search?'],
  [['serve', '--prot', '1'], 'Did you mean --port?'],
  [['serve', '--port', 'http'], 'A port is a number from 0 to 65535.'],
  [['serve', '--log-level', 'loud'], 'silent'],
  [['import', '--client', 'emacs'], 'claude-code'],
  [['tools', 'call'], "missing required argument 'name'"],
  [['servers', 'logs'], "missing required argument 'name'"],
  [['run'], 'Which script?'],
  [['tools', 'call', 'a.b', '{bad'], 'The arguments are not valid JSON'],
  [['tools', 'call', 'a.b', 'bare'], 'neither a JSON object nor key=value'],
  [['tools', 'call', 'a.b', '[1]'], 'must be one JSON object'],
])('%j is wrong usage', async (args, told) => {
  const { code, stdout, stderr } = await run(place, args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^isogate: /)
  expect(stderr).toContain(told)
})

test('a file that is not there has its code', async () => {
  const { code, stdout, stderr } = await run(place, ['run', 'nowhere.ts'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('[file_unreadable] nowhere.ts cannot be read: there is no such file.')
})

test.each([[], ['tools']])('without a verb, help is printed and the usage was wrong', async (...args) => {
  const { code, stdout, stderr } = await run(place, args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain('Usage: isogate')
})

test.each(['serve', 'stdio', 'validate', 'tools ls', 'run -'])(
  'without a configuration: %s',
  async (verb) => {
    const { code, stdout, stderr } = await run(place, verb.split(' '))
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^isogate: \[config_not_found\] Looked for .*isogate\.yaml/)
    expect(stderr).toContain('Run `isogate init` to write one')
    expect(stderr).not.toContain('    at ')
  },
)

test('with --json a failure is JSON on the standard output too', async () => {
  const { code, stdout } = await run(place, ['tools', 'ls', '--json'])
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'config_not_found', retryable: false } })
})
