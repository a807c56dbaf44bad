import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { LiveReport } from '../../src/bench/live/report.ts'
import { startModelServer, type Policy, type Step } from '../bench/live/model-server.ts'
import { runInProcess } from './in-process.ts'
import { createPlace, eventually, realServer, run, start, type Ended, type Place } from './program.ts'

/** Long enough to be a secret, and with pieces that can be looked for. */
const KEY = 'sk-live-Zq81mXv73TtBw9PdKe5RhLu2'
const TASK = 'code-announce-freeze'
const TEXT = 'Code freeze for 2.4 begins on Tuesday at 16:00.'

let place: Place
beforeEach(async () => {
  const made = await createPlace()
  place = { ...made, env: { ...made.env, OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: KEY } }
})
afterEach(() => place.remove())

/** Does it in the way of whichever mode it is shown. */
const right: Policy = ({ turn, tools }) => {
  const args = { channel: 'general', text: TEXT }
  if (turn > 0) return { text: `Done. My key is ${KEY}\u001b]0;owned\u0007.` }
  if (tools.includes('run_script'))
    return {
      calls: [
        {
          name: 'run_script',
          args: { code: `return await tools.chat.post_message(${JSON.stringify(args)})` },
        },
      ],
    }
  if (tools.includes('call_tool'))
    return { calls: [{ name: 'call_tool', args: { name: 'chat__post_message', arguments: args } }] }
  return { calls: [{ name: 'chat__post_message', args }] }
}

const few = ['--catalog', 'generated', '--sizes', '20', '--only', TASK, '--repeats', '1']

async function bench(
  policy: Policy,
  args: readonly string[],
  api: 'openai' | 'anthropic' = 'openai',
): Promise<
  Ended & { readonly requests: number; readonly tools: readonly number[]; readonly keys: readonly unknown[] }
> {
  await using server = await startModelServer(policy)
  const how = ['--model', 'scripted-1', '--endpoint', server.url, '--api', api]
  const ended = await run(place, ['bench', 'tokens', ...how, ...args])
  return {
    ...ended,
    requests: server.requests.length,
    tools: server.requests.map(({ tools }) => tools.length),
    keys: server.requests.map(({ headers }) => headers['x-api-key'] ?? headers.authorization),
  }
}

function reportOf({ stdout }: Ended): LiveReport {
  return JSON.parse(stdout) as LiveReport
}

describe.each(['openai', 'anthropic'] as const)('a live model behind the format of %s', (api) => {
  test('plays in every mode, and what it did is printed and written', async () => {
    const files = ['--out', 'out.json', '--transcripts', 'said.jsonl']
    const ended = await bench(right, [...few, '--check', ...files], api)
    expect(ended).toMatchObject({ code: 0, requests: 8 })
    expect(new Set(ended.keys)).toEqual(new Set([api === 'openai' ? `Bearer ${KEY}` : KEY]))
    expect(ended.stdout).toMatch(/^scripted-1 at 127\.0\.0\.1:\d+, 20 tools \(generated\): 1 tasks x 4 modes/)
    for (const mode of ['classic', 'search', 'code', 'auto'])
      expect(ended.stdout).toMatch(new RegExp(`^${mode} +1/1 `, 'm'))
    expect(ended.stderr).toContain(`Play 1 of 4: ${TASK} in mode `)
    expect(ended.stderr).toMatch(/^Play 4 of 4: .* \$0\.\d+ spent so far$/m)

    const [out, said] = await Promise.all(
      ['out.json', 'said.jsonl'].map((name) => readFile(join(place.folder, name), 'utf8')),
    )
    expect(JSON.parse(out ?? '')).toMatchObject({
      format: 'isogate-bench-live/1',
      model: { api, name: 'scripted-1' },
      catalog: { source: 'generated', tools: 20 },
      end: { why: 'done' },
      maxDollars: 5,
      plays: Array.from({ length: 4 }, () => ({ task: TASK, outcome: 'solved', isChecked: true, calls: 1 })),
    })
    const lines = (said ?? '').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject(
      Array.from({ length: 4 }, () => ({
        task: TASK,
        outcome: 'solved',
        messages: [{ role: 'user' }, {}, {}, {}],
      })),
    )
    expect((await stat(join(place.folder, 'said.jsonl'))).mode & 0o777).toBe(0o600)
    // Its model says the key in its last words.
    for (const text of [ended.stdout, ended.stderr, out, said]) expect(text).not.toContain(KEY)
  })

  test.each<[string, (step: string) => string]>([
    ['wrong tool', (step) => step.replace('post_message', 'list_messages')],
    [
      'wrong argument',
      (step) => step.replace('"general', '"incidents').replace('\\"general', '\\"incidents'),
    ],
  ])('that takes a %s fails, though it says that it is done', async (_, spoil) => {
    const wrong: Policy = (asked) => JSON.parse(spoil(JSON.stringify(right(asked)))) as Step
    const ended = await bench(wrong, [...few, '--json', '--check'], api)
    expect(ended.code).toBe(1)
    const report = reportOf(ended)
    expect(report.plays.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'failed'])
    expect(report.plays[0]?.reason).toContain('chat.list_messages')
    expect(ended.stdout + ended.stderr).not.toContain(KEY)
  })
})

test('the cost limit ends the plays before it is gone over, and what there is, is printed', async () => {
  const args = [...few, '--modes', 'classic', '--repeats', '50', '--json']
  const usage = { prompt_tokens: 100_000, completion_tokens: 10 }
  const costly: Policy = ({ turn }) =>
    turn > 0
      ? { text: 'Done.', usage }
      : { calls: [{ name: 'chat__post_message', args: { channel: 'general', text: TEXT } }], usage }
  const ended = await bench(costly, [...args, '--prices', '1,1,1,1', '--cost-limit', '0.7'])
  expect(ended.code).toBe(0)
  const { end, plays, spent, total } = reportOf(ended)
  expect(end.why).toBe('cost')
  expect([plays.length, total]).toEqual([3, 50])
  expect(spent.dollars).toBeCloseTo(0.60006, 9)
  expect(ended.requests).toBe(6)
})

test('it plays at 508 tools where no number is named', async () => {
  const args = ['--catalog', 'generated', '--only', TASK, '--repeats', '1', '--modes', 'classic', '--json']
  const ended = await bench(right, args)
  expect(reportOf(ended)).toMatchObject({ catalog: { tools: 508 }, end: { why: 'done' } })
  expect(ended.tools).toEqual([508, 508])
})

test('tasks of a person are played on the servers of the configuration', async () => {
  await place.write('isogate.json', JSON.stringify({ servers: { everything: realServer('everything') } }))
  const tool = 'everything.echo'
  const task = {
    name: 'say-it-again',
    kind: 'single',
    goal: 'Let the server echo "orchard".',
    tools: [{ tool, lookups: ['repeat a message'] }],
    direct: [{ as: 'said', calls: [{ tool, args: { message: 'orchard' } }] }],
    scripts: [{ code: 'return await tools.everything.echo({ message: "orchard" })' }],
    answer: { direct: 'steps.said[0]', script: 'steps.script[0]' },
    say: 'The server echoed it.',
    expected: 'Echo: orchard',
    mentions: ['echoed'],
  }
  await place.write('tasks.json', JSON.stringify({ tasks: [task] }))
  const echo: Policy = ({ turn, results }) =>
    turn === 0
      ? { calls: [{ name: 'everything__echo', args: { message: 'orchard' } }] }
      : { text: results[0]?.text === 'Echo: orchard' ? 'It echoed.' : 'It did not work.' }
  const ended = await bench(echo, ['--tasks', 'tasks.json', '--modes', 'classic', '--repeats', '2', '--json'])
  expect(ended).toMatchObject({ code: 0, requests: 4 })
  expect(reportOf(ended).plays).toMatchObject([
    { task: 'say-it-again', outcome: 'solved', isChecked: true, calls: 1 },
    { repeat: 2, outcome: 'solved', calls: 1 },
  ])
})

test('a provider that refuses the key ends it at once, with exit code 1 and without the key', async () => {
  const refusing: Policy = () => ({ status: 401, body: { error: { message: `Incorrect key: ${KEY}` } } })
  const ended = await bench(refusing, few)
  expect(ended).toMatchObject({ code: 1, requests: 1 })
  expect(ended.stdout).toContain('refuses the API key (status 401)')
  expect(ended.stdout + ended.stderr).not.toContain(KEY)
})

test('what a provider says cannot act on a terminal', async () => {
  const odd: Policy = () => ({ status: 404, body: { error: { message: 'no \u001b[31msuch\u202e model' } } })
  const ended = await bench(odd, few)
  expect(ended.stdout).toContain('no ')
  // oxlint-disable-next-line no-control-regex
  expect(ended.stdout + ended.stderr).not.toMatch(/[\u001b\u202e]/)
})

test('interrupted, it prints and writes what there is', async () => {
  let asked = 0
  await using server = await startModelServer((each) => (++asked > 2 ? 'hang' : right(each)))
  const how = ['--model', 'scripted-1', '--endpoint', server.url, '--json', '--out', 'out.json']
  const running = start(place, ['bench', 'tokens', ...how, ...few])
  await eventually(() => asked > 2)
  running.child.kill('SIGINT')
  const ended = await running.ended
  expect(ended.code).toBe(130)
  const { end, plays } = reportOf(ended)
  expect(end.why).toBe('stopped')
  expect(plays.map(({ outcome }) => outcome)).toEqual(['solved', 'stopped'])
  expect(JSON.parse(await readFile(join(place.folder, 'out.json'), 'utf8'))).toMatchObject({ end })
})

test.each<[string, readonly string[], number]>([
  ['out.json', ['--out', 'not/there/out.json'], 1],
  ['said.jsonl', ['--transcripts', 'not/there/said.jsonl'], 1],
])('a place where %s cannot be written is found before anything is asked', async (_, args, code) => {
  const ended = await bench(right, [...few, ...args])
  expect(ended).toMatchObject({ code, requests: 0, stdout: '' })
  expect(ended.stderr).toContain('file_unwritable')
})

const at = ['--model', 'm', '--endpoint', 'https://models.example/v1']
test.each<[string, readonly string[], string]>([
  ['no endpoint', ['--model', 'm'], 'say where it is with --endpoint'],
  ['an endpoint that is none', ['--model', 'm', '--endpoint', 'models.example'], 'begins with https://'],
  ['several sizes', [...at, '--sizes', '10,20'], 'at one number of tools'],
  ['a key in the place of a variable', [...at, '--key-env', KEY], 'never the key itself'],
  ['a variable with nothing in it', [...at, '--key-env', 'NOT_THERE'], 'nothing in the environment variable'],
  ['charts', [...at, '--report', 'r.html'], '--report has no charts of a live model'],
  ['parallel calls', [...at, '--parallel-calls', '2'], '--parallel-calls is not for a live model'],
  ['another format', [...at, '--api', 'other'], 'Allowed choices are openai, anthropic'],
  ['no repeats', [...at, '--repeats', '0'], '--repeats: a whole number'],
  ['half a repeat', [...at, '--repeats', '1.5'], '--repeats: a whole number'],
  ['no money', [...at, '--cost-limit', '0'], '--cost-limit: dollars, above 0'],
  ['too hot', [...at, '--temperature', '3'], '--temperature: a number from 0 to 2'],
  ['options of a model without one', ['--cost-limit', '1'], '--cost-limit is for a live model'],
])('%s: says what to do, and never the key', async (_, args, message) => {
  const { code, stdout, stderr } = await runInProcess(place.folder, ['bench', 'tokens', ...args])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toContain(message)
  expect(stderr).not.toContain(KEY)
})

test.each([
  ['https://api.anthropic.com', 'ANTHROPIC_API_KEY'],
  ['https://api.openai.com/v1', 'OPENAI_API_KEY'],
  ['https://notanthropic.com/v1', 'OPENAI_API_KEY'],
])('without a key, %s asks for %s', async (url, variable) => {
  const args = ['bench', 'tokens', '--model', 'm', '--endpoint', url]
  const { code, stderr } = await runInProcess(place.folder, args)
  expect(code).toBe(2)
  expect(stderr).toContain(`put its key into the environment variable ${variable}`)
})
