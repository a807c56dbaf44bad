import { afterAll, beforeAll, expect, test } from 'vitest'

import { createPlace, eventually, processesOf, realServer, run, start, type Place } from './program.ts'

let place: Place
beforeAll(async () => {
  place = await createPlace()
  const servers = {
    everything: realServer('everything'),
    filesystem: realServer('filesystem', [place.folder]),
  }
  await place.write('isogate.yaml', JSON.stringify({ servers, policy: { auto: ['*'] } }))
})
afterAll(() => place.remove())

const SCRIPT = `const [said, listed] = await Promise.all([
  tools.everything.echo({ message: 'hi' }),
  tools.filesystem.list_allowed_directories({}),
])
console.log('said', said)
console.warn('careful')
return { said, n: 1 as number }
`

test('prints the value, and logs on the error output', async () => {
  await place.write('script.ts', SCRIPT)
  const { code, stdout, stderr } = await run(place, ['run', 'script.ts'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: '{"said":"Echo: hi","n":1}\n' })
  expect(stderr).toContain('said Echo: hi\nwarn: careful\n')
})

test('--json tells value, logs, calls and usage', async () => {
  const { code, stdout } = await run(place, ['run', '-', '--json'], SCRIPT)
  expect(code).toBe(0)
  const report = JSON.parse(stdout) as { calls: { tool: string }[] }
  expect(report).toMatchObject({
    value: { said: 'Echo: hi', n: 1 },
    logs: ['said Echo: hi', 'warn: careful'],
    usage: { calls: 2 },
  })
  expect(report.calls.map(({ tool }) => tool).toSorted()).toEqual([
    'everything.echo',
    'filesystem.list_allowed_directories',
  ])
})

test('a failure names the line of the script', async () => {
  const { code, stdout, stderr } = await run(
    place,
    ['run', '-'],
    'const a = 1\n\nthrow new Error(`boom ${a}`)\n',
  )
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^isogate: \[script_error\] Error: boom 1 at line 3: throw new Error/m)
})

test('a script that does not parse names the line, as JSON too', async () => {
  const { code, stdout } = await run(place, ['run', '-', '--json'], 'const a = 1\nconst = 2\n')
  expect(code).toBe(1)
  const { error } = JSON.parse(stdout) as { error: { code: string; line: number } }
  expect(error).toMatchObject({ code: 'script_syntax', line: 2 })
})

test('an unknown tool in a script is told with the nearest names', async () => {
  const { code, stderr } = await run(place, ['run', '-'], 'return await tools.everything.ecko({})')
  expect(code).toBe(1)
  expect(stderr).toContain('tools.everything.echo')
})

test('an interrupted run ends with 130, and nothing is left', async () => {
  const running = start(
    place,
    ['run', '-'],
    "await tools.everything['trigger-long-running-operation']({ duration: 60, steps: 60 })",
  )
  await eventually(async () => (await processesOf(place)).length > 0)
  await eventually(() => running.stderr().includes('Running the script'))
  running.child.kill('SIGTERM')
  expect(await running.ended).toMatchObject({ code: 130, stdout: '' })
  await eventually(async () => (await processesOf(place)).length === 0)
})
