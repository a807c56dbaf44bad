import { afterAll, beforeAll, expect, test } from 'vitest'

import { createStages } from '../../../src/bench-stage.ts'
import { DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import { toLiveReport } from '../../../src/bench/live/report.ts'
import { runLive } from '../../../src/bench/live/run-live.ts'
import { toLiveText } from '../../../src/bench/live/text.ts'
import { toTranscriptLine } from '../../../src/bench/live/transcript.ts'
import { MockFailure, type MockServer, type MockTool, type Stage } from '../../../src/bench/stage.ts'
import type { Json } from '../../../src/core/json.ts'
import { createLog } from '../../../src/telemetry/log.ts'
import { KEY, modelAt } from '../../llm/chat/models.ts'
import { taskOf } from './desk.ts'
import { startModelServer, type Policy } from './model-server.ts'

/** The desk, with a state, behind a whole gateway. */
function createDesk(): MockServer {
  let tickets = new Map<Json | undefined, string>()
  const inputSchema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] }
  const toolOf = (name: string, change: (id: Json | undefined) => void): MockTool => ({
    definition: { name, description: `${name} by its id.`, inputSchema },
    run: ({ id }) => {
      if (!tickets.has(id)) throw new MockFailure('There is no such ticket.')
      change(id)
      return { id: id ?? null, status: tickets.get(id) ?? null, minutes: 1_234 }
    },
  })
  const reset = (): void => {
    tickets = new Map([
      ['T-1', 'open'],
      ['T-2', 'open'],
    ])
  }
  reset()
  return {
    name: 'desk',
    tools: [toolOf('get_ticket', () => {}), toolOf('close_ticket', (id) => tickets.set(id, 'closed'))],
    reset,
  }
}

/** Does it in the way of whichever mode it is shown. */
const right: Policy = ({ turn, tools, results }) => {
  const args = { id: 'T-1' }
  if (turn > 0) return { text: `It took ${/1234/.exec(results[0]?.text ?? '')?.[0] ?? 'no'} minutes.` }
  if (tools.includes('run_script'))
    return {
      calls: [{ name: 'run_script', args: { code: 'return await tools.desk.close_ticket({ id: "T-1" })' } }],
    }
  if (tools.includes('call_tool'))
    return { calls: [{ name: 'call_tool', args: { name: 'desk__close_ticket', arguments: args } }] }
  return { calls: [{ name: 'desk__close_ticket', args }] }
}

let stage: Stage
beforeAll(async () => {
  stage = await createStages({ log: createLog('silent', false), version: '1.0.0' })({
    servers: [createDesk()],
    fillers: [],
  })
})
afterAll(() => stage.close())

async function run(policy: Policy, api: 'openai' | 'anthropic' = 'openai') {
  await using server = await startModelServer(policy)
  const { host } = new URL(server.url)
  const modes = ['classic', 'search', 'code', 'auto'] as const
  const task = taskOf()
  const transcripts: string[] = []
  const played = await runLive({
    tasks: [task],
    modes,
    repeats: 1,
    model: modelAt(api, server.url).model,
    stageOf: () => Promise.resolve(stage),
    limits: { turns: 5, tokens: 1e9, dollars: 100 },
    pricing: DEFAULT_PRICING,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    signal: new AbortController().signal,
    onPlay: (play, transcript) => void transcripts.push(toTranscriptLine(play, transcript)),
  })
  const report = toLiveReport(played, {
    made: {
      version: '1.0.0',
      node: 'v24',
      platform: 'linux',
      cpu: 'some',
      cpus: 2,
      at: '2026-01-01T00:00:00.000Z',
    },
    model: { api, name: 'scripted-1', host },
    catalog: { source: 'desk', tools: stage.tools },
    tasks: [task],
    modes,
    repeats: 1,
    limits: { turns: 5, tokens: 1e9, dollars: 100 },
    pricing: DEFAULT_PRICING,
  })
  return { report, transcripts, requests: server.requests }
}

test.each(['openai', 'anthropic'] as const)(
  'a model behind the format of %s solves a task through a whole gateway in every mode',
  async (api) => {
    const { report, requests } = await run(right, api)
    expect(
      report.plays.map(({ mode, outcome, reason = '', calls }) => [mode, outcome, reason, calls]),
    ).toEqual([
      ['classic', 'solved', '', 1],
      ['search', 'solved', '', 1],
      ['code', 'solved', '', 1],
      ['auto', 'solved', '', 1],
    ])
    expect(requests.find(({ tools }) => tools.includes('run_script'))?.system).toContain('close_ticket')
  },
)

test('a wrong argument makes the task fail in every mode, though every call was answered', async () => {
  const { report } = await run(
    (asked) => JSON.parse(JSON.stringify(right(asked)).replaceAll('T-1', 'T-2')) as ReturnType<Policy>,
  )
  expect(report.plays.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'failed'])
  expect(report.plays.every(({ calls }) => calls === 1)).toBe(true)
  expect(toLiveText(report)).toContain('desk.get_ticket')
})

test('a wrong tool makes the task fail in every mode', async () => {
  const { report } = await run(
    (asked) =>
      JSON.parse(JSON.stringify(right(asked)).replaceAll('close_ticket', 'get_ticket')) as ReturnType<Policy>,
  )
  expect(report.plays.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'failed'])
})

test.each([200, 400, 401, 500])(
  'the key is in no output, though its provider quotes it (status %d)',
  async (status) => {
    const { report, transcripts } = await run((asked) => {
      if (asked.turn === 0) return right(asked)
      return status === 200
        ? { text: `1234, says ${KEY}` }
        : { status, body: { error: { message: `Wrong: ${KEY}` } } }
    })
    const all = [JSON.stringify(report), toLiveText(report), ...transcripts].join('\n')
    expect(all).toContain('scripted-1')
    expect(transcripts.map((line) => JSON.parse(line) as object)).toMatchObject(
      report.plays.map(({ task, mode, outcome }) => ({ task, mode, outcome })),
    )
    expect(all).not.toContain(KEY)
  },
)
