import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { afterEach, expect, test } from 'vitest'

import type { Result } from '../../src/core/result.ts'
import { eventually } from '../cli/program.ts'
import { endAll, place, post, serve, tokenOf } from '../cli/serving.ts'
import { mainText, runId, runMeta } from './script-house.ts'

afterEach(endAll)

const SERVER = fileURLToPath(new URL('steps-server.ts', import.meta.url))

/** Half of what the program waits for calls in flight: then it suspends runs. */
const PATIENCE_MS = 5_000

test('a run that SIGTERM meets is suspended and told so, and goes on in the next process: each call is made once', async () => {
  const where = await place({})
  const [steps, release] = [join(where.folder, 'steps'), join(where.folder, 'release')]
  const servers = { work: { command: process.execPath, args: [SERVER, steps, release] } }
  await where.write(
    'isogate.yaml',
    JSON.stringify({ servers, policy: { auto: ['*'] }, http: { port: 0 }, admin: { port: 0 } }),
  )
  const linesOf = async (): Promise<readonly string[]> =>
    (await readFile(steps, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')

  const first = await serve(where)
  const token = tokenOf(first)
  const call = async (url: string, name: string, args: object): Promise<Result> => {
    const text = await (await post(`${url}/mcp/code`, token, 'tools/call', { name, arguments: args })).text()
    const json = /^\{.*\}$/m.exec(text.replaceAll(/^data: /gm, ''))?.[0] ?? '{}'
    return (JSON.parse(json) as { result: Result }).result
  }
  const code = `const at = Date.now()
await tools.work.step({ n: 1 })
await Promise.all([tools.work.hold({}), tools.work.step({ n: 2 })])
await tools.work.step({ n: 3 })
return Date.now() >= at`
  const running = call(first.url, 'run_script', { code })
  await eventually(async () => (await linesOf()).length === 3)
  first.child.kill('SIGTERM')
  await eventually(() => first.stderr().includes('Stopping.'))
  await sleep(PATIENCE_MS + 500)
  await where.write('release', '')
  const suspended = await running
  expect(mainText(suspended)).toContain('The run is suspended: the gateway is shutting down.')
  expect(mainText(suspended)).toContain('Calls already made: work.step, work.hold, work.step.')
  expect(runMeta(suspended)['suspended']).toBeDefined()
  expect(await first.ended).toMatchObject({ code: 0 })

  const second = await serve(where)
  const ended = await call(second.url, 'run_script', { resume: runId(suspended) })
  expect(mainText(ended)).toBe('true')
  expect((await linesOf()).toSorted()).toEqual(
    ['["hold",{}]', '["step",{"n":1}]', '["step",{"n":2}]', '["step",{"n":3}]'].toSorted(),
  )
}, 40_000)
