import { expect, test } from 'vitest'

import { DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import type { LivePlay, LiveTurn, RepeatedPlay } from '../../../src/bench/live/live-play.ts'
import { toLiveReport, type LiveAbout } from '../../../src/bench/live/report.ts'
import type { LiveEnd } from '../../../src/bench/live/run-live.ts'
import { toLiveText } from '../../../src/bench/live/text.ts'
import type { Mode } from '../../../src/core/mode.ts'

const about: LiveAbout = {
  made: {
    version: '1.0.0',
    node: 'v24',
    platform: 'linux',
    cpu: 'some',
    cpus: 2,
    at: '2026-01-01T00:00:00.000Z',
  },
  model: { api: 'openai', name: 'scripted-1', host: 'models.example' },
  catalog: { source: 'built-in', tools: 508 },
  tasks: [
    { name: 'a', kind: 'single', goal: 'Do a.' },
    { name: 'b', kind: 'chain', goal: 'Do b.' },
  ],
  modes: ['classic', 'code'],
  repeats: 2,
  limits: { turns: 25, tokens: 1e6, dollars: 5 },
  pricing: DEFAULT_PRICING,
}

function playOf(
  task: string,
  mode: Mode,
  repeat: number,
  input: number,
  rest: Partial<LivePlay> = {},
): RepeatedPlay {
  const turn: LiveTurn = {
    input,
    cachedInput: input / 2,
    cacheWrite: 0,
    output: 10,
    modelMs: 100,
    firstByteMs: 90,
    lostMs: 0,
    made: 0,
  }
  const outcome = rest.outcome ?? 'solved'
  return {
    task,
    kind: 'single',
    tools: 508,
    mode,
    shown: mode === 'code' ? 'code' : 'classic',
    outcome,
    ok: outcome === 'solved',
    isChecked: true,
    turns: [turn],
    usage: turn,
    dollars: input / 1_000,
    calls: 1,
    toolMs: 0,
    wallMs: 100,
    said: 'Done.',
    repeat,
    ...rest,
  }
}

/** Code reads a tenth of what classic does. */
const plays = ['a', 'b'].flatMap((task, index) =>
  [1, 2].flatMap((repeat) => [
    playOf(task, 'classic', repeat, 1_000 * (index + 1)),
    playOf(task, 'code', repeat, 100 * (index + 1)),
  ]),
)

function reportOf(list: readonly RepeatedPlay[], end: LiveEnd = { why: 'done' }) {
  return toLiveReport({ plays: list, total: 8, end }, about)
}

test('sums up by mode, with intervals, and puts each mode beside classic', () => {
  const [classic, code] = reportOf(plays).summaries
  expect(classic).toMatchObject({
    mode: 'classic',
    ended: { solved: 4, failed: 0 },
    success: { value: 1, high: 1 },
    cachedShare: 0.5,
  })
  expect(classic?.mean?.input.value).toBe(1_500)
  expect(classic).not.toHaveProperty('againstClassic')
  expect(code?.mean?.input).toMatchObject({ value: 150 })
  expect(code?.againstClassic?.pairs).toBe(4)
  expect(code?.againstClassic?.measures.input.ratio).toBeCloseTo(0.1, 12)
  expect(code?.againstClassic?.measures.input.difference.value).toBe(-1_350)
  expect(code?.success?.low).toBeGreaterThan(0.3)
  expect(code?.success?.low).toBeLessThan(1)
})

test('repeats of a task are one observation: more of them do not make an interval narrow', () => {
  const many = Array.from({ length: 20 }, (_, index) => [
    playOf('a', 'code', index, 100),
    playOf('b', 'code', index, 300),
  ]).flat()
  const { low, high } = reportOf(many).summaries[1]?.mean?.input ?? {}
  expect([low, high]).toEqual([100, 300])
})

test('what the provider or a person broke off says nothing about a mode, and is counted apart', () => {
  const list = [
    ...plays,
    playOf('a', 'code', 3, 50, { outcome: 'broken' }),
    playOf('a', 'code', 4, 50, { outcome: 'stopped' }),
    playOf('a', 'code', 5, 0, { outcome: 'refused', turns: [] }),
    playOf('a', 'code', 6, 100, { outcome: 'failed' }),
  ]
  const { summaries, spent } = reportOf(list)
  expect(summaries[1]?.ended).toEqual({ solved: 4, failed: 1, refused: 1, broken: 1, stopped: 1 })
  expect(summaries[1]?.success?.value).toBeCloseTo(4 / 6, 12)
  expect(summaries[1]?.againstClassic?.pairs).toBe(4)
  expect(spent.unmeasured).toBe(2)
  // What was spent has been spent, whatever came of it.
  expect(spent.usage.input).toBe(6_600 + 200)
})

test('a task that only one of the two solved is not compared: giving up early is not cheap', () => {
  const list = plays.map((play) =>
    play.mode === 'code' && play.task === 'b' ? { ...play, outcome: 'failed' as const, ok: false } : play,
  )
  expect(reportOf(list).summaries[1]?.againstClassic).toMatchObject({
    pairs: 2,
    measures: { input: { ratio: 0.1 } },
  })
})

test('a task of which nothing shows whether it is solved is in no rate, and is named', () => {
  const list = plays.map((play) => (play.task === 'b' ? { ...play, isChecked: false } : play))
  const report = reportOf([...list, playOf('a', 'code', 3, 100, { outcome: 'failed' })])
  expect(report.summaries[1]).toMatchObject({ trials: 3, success: { value: 2 / 3 } })
  expect(report.summaries[1]?.mean?.input.value).toBe(150)
  expect(toLiveText(report)).toMatch(/^code\s+2\/3 /m)
  expect(toLiveText(report)).toContain('nothing shows whether they are solved: b.')
})

test('the text has the figures of the report', () => {
  const text = toLiveText(reportOf(plays))
  expect(text).toContain('scripted-1 at models.example, 508 tools (built-in): 2 tasks x 2 modes x 2 repeats.')
  expect(text).toMatch(/^classic\s+4\/4\s+100.% \(51.% to 100.%\)/m)
  expect(text).toMatch(/^code\s+4\s+0.%\s+−90.%\s+0.%\s+−90.%\s+0.%$/m)
  expect(text).toContain('None of these differences is likely to be chance.')
  expect(text).toContain('Spent $6.60: 6,600 tokens read (3,300 from the cache), 80 written.')
  expect(text).not.toContain('Not complete')
  expect(text).not.toContain('Not solved')
})

test('a difference that one task has and the other has not may be chance, and the text says so', () => {
  const list = plays.map((play) =>
    play.mode === 'code' && play.task === 'b'
      ? { ...play, wallMs: 190 }
      : play.mode === 'code'
        ? { ...play, wallMs: 20 }
        : play,
  )
  expect(toLiveText(reportOf(list))).toContain('May be chance: code time.')
})

test('the text of a run that was cut short says so, and lists failures with their reasons, each in one line', () => {
  const failures = Array.from({ length: 25 }, (_, index) =>
    playOf('a', 'code', index, 10, {
      outcome: index === 0 ? 'broken' : 'failed',
      reason: `it\nwas ${'very '.repeat(100)}wrong`,
    }),
  )
  const text = toLiveText(reportOf(failures, { why: 'cost', reason: '$1 is spent' }))
  expect(text).toContain('  a, code, 0: broken, it was very very')
  expect(text).toContain('  and 5 more')
  expect(text).toContain('Not complete: 25 of 8 plays; $1 is spent.')
  expect(text).toContain('1 of the plays ended with a request that failed')
  for (const line of text.split('\n')) expect(line.length).toBeLessThan(300)
})

test('a report of nothing is a report', () => {
  const report = reportOf([], { why: 'provider', reason: 'no answer' })
  expect(report.summaries.map(({ mode, success }) => [mode, success])).toEqual([
    ['classic', undefined],
    ['code', undefined],
  ])
  expect(toLiveText(report)).toContain('Not complete: 0 of 8 plays; no answer.')
  expect(JSON.parse(JSON.stringify(report))).toEqual(report)
})
