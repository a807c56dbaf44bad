import { expect, test } from 'vitest'

import { DEFAULT_PRICING } from '../../../src/bench/analysis/price.ts'
import type { RepeatedPlay, Transcript } from '../../../src/bench/live/live-play.ts'
import { runLive, type LiveProgress, type LiveSetting } from '../../../src/bench/live/run-live.ts'
import { modelAt } from '../../llm/chat/models.ts'
import { openDesk, taskOf } from './desk.ts'
import { startModelServer, type Asked, type Policy } from './model-server.ts'

/** Closes T-1 with whatever it was given, and says how long it took. */
const right: Policy = ({ turn, tools }) => {
  if (turn > 0) return { text: 'It took 1234 minutes.' }
  const [first = ''] = tools
  return first.startsWith('desk__')
    ? { calls: [{ name: 'desk__close_ticket', args: { id: 'T-1' } }] }
    : { calls: [{ name: first, args: { name: 'desk__close_ticket', arguments: { id: 'T-1' } } }] }
}

async function run(policy: Policy, rest: Partial<LiveSetting> = {}) {
  await using server = await startModelServer(policy)
  const stage = openDesk()
  const progress: LiveProgress[] = []
  const told: (readonly [RepeatedPlay, Transcript])[] = []
  const played = await runLive({
    tasks: [taskOf({ name: 'a' }), taskOf({ name: 'b' })],
    modes: ['classic', 'search', 'code'],
    repeats: 2,
    model: modelAt('openai', server.url).model,
    stageOf: () => Promise.resolve(stage),
    limits: { turns: 5, tokens: 1e9, dollars: 100 },
    pricing: DEFAULT_PRICING,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    signal: new AbortController().signal,
    onProgress: (each) => progress.push(each),
    onPlay: (play, transcript) => void told.push([play, transcript]),
    ...rest,
  })
  return { ...played, stage, progress, told, counted: server.counted(), requests: server.requests }
}

const sum = (plays: readonly RepeatedPlay[]): number =>
  plays.reduce((total, { dollars }) => total + dollars, 0)

test('every task is played in every mode as often as asked, each time from the same state', async () => {
  const { plays, end, total, stage, told, counted } = await run(right)
  expect(end).toEqual({ why: 'done' })
  expect(total).toBe(12)
  expect(plays.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 12 }, () => 'solved'))
  expect(new Set(plays.map(({ task, mode, repeat }) => `${task} ${mode} ${repeat}`)).size).toBe(12)
  expect(stage.resets()).toBe(12)
  expect(told.map(([play]) => play)).toEqual(plays)
  expect(plays.reduce((all, { usage }) => all + usage.input, 0)).toBe(counted.input)
})

test('the modes of a task follow each other, and each is first, second and last about as often', async () => {
  const { plays } = await run(right, { repeats: 3 })
  const rounds = Array.from({ length: 6 }, (_, index) => plays.slice(index * 3, index * 3 + 3))
  for (const round of rounds)
    expect(new Set(round.map(({ task, repeat }) => `${task} ${repeat}`)).size).toBe(1)
  for (const place of [0, 1, 2])
    expect(rounds.map((round) => round[place]?.mode ?? '').toSorted()).toEqual([
      'classic',
      'classic',
      'code',
      'code',
      'search',
      'search',
    ])
  expect(plays.map(({ repeat }) => repeat)).toEqual(
    [1, 2, 3].flatMap((repeat) => Array.from({ length: 6 }, () => repeat)),
  )
})

test('it says before each play how far it is and what was spent', async () => {
  const { progress, plays } = await run(right)
  expect(progress.map(({ done, total }) => [done, total])).toEqual(
    Array.from({ length: 12 }, (_, index) => [index, 12]),
  )
  expect(progress[0]?.dollars).toBe(0)
  expect(progress.at(-1)?.dollars).toBeCloseTo(sum(plays.slice(0, -1)), 12)
})

test('it stops before a play that could go over the cost limit, and tells what was spent', async () => {
  const whole = await run(right)
  const maxDollars = sum(whole.plays) * 0.6
  const { plays, end, total } = await run(right, { maxDollars })
  expect(end.why).toBe('cost')
  expect(end.reason).toContain('is spent')
  expect(plays.length).toBeGreaterThan(3)
  expect(plays.length).toBeLessThan(total)
  expect(sum(plays)).toBeLessThanOrEqual(maxDollars)
  expect(plays.every(({ ok }) => ok)).toBe(true)
})

test('a play that would take all that is left is ended in the middle, and does not count as a failure', async () => {
  const endless: Policy = () => ({ calls: [{ name: 'desk__get_ticket', args: { id: 'T-1' } }] })
  const { plays, end } = await run(endless, { maxDollars: 0.0005, modes: ['classic'] })
  expect(end.why).toBe('cost')
  expect(plays.map(({ outcome }) => outcome)).toEqual(['stopped'])
  expect(sum(plays)).toBeGreaterThan(0)
})

test('with a limit of nothing, nothing is asked', async () => {
  const { plays, end, requests } = await run(right, { maxDollars: 0 })
  expect([plays.length, end.why, requests.length]).toEqual([0, 'cost', 0])
})

test('what was played until somebody stops it is kept', async () => {
  const stop = new AbortController()
  let asked = 0
  const { plays, end, told } = await run(
    (each) => {
      asked += 1
      if (asked < 4) return right(each)
      stop.abort()
      return 'hang'
    },
    { signal: stop.signal },
  )
  expect(end.why).toBe('stopped')
  expect(plays.map(({ outcome }) => outcome)).toEqual(['solved', 'stopped'])
  expect(plays[1]?.turns).toHaveLength(1)
  expect(told).toHaveLength(2)
})

test('one failure of the provider spoils one play, three in a row end the run', async () => {
  const failing = (which: (play: number) => boolean): Policy => {
    let begun = 0
    return (asked: Asked) => {
      if (asked.turn === 0) begun += 1
      return which(begun) ? { raw: 'oops' } : right(asked)
    }
  }
  const once = await run(failing((play) => play === 2))
  expect(once.end.why).toBe('done')
  expect(once.plays.filter(({ outcome }) => outcome === 'broken')).toHaveLength(1)
  const down = await run(failing((play) => play >= 4))
  expect(down.end).toMatchObject({
    why: 'provider',
    reason: expect.stringContaining('not a JSON object') as string,
  })
  expect(down.plays.map(({ outcome }) => outcome)).toEqual([
    'solved',
    'solved',
    'solved',
    'broken',
    'broken',
    'broken',
  ])
})

test('a key or a model that is not there ends the run at once; a request that one mode makes too long does not', async () => {
  const { end, plays, requests } = await run(() => ({ status: 401 }))
  expect([end.why, plays.length, requests.length]).toEqual(['provider', 1, 1])
  const long = await run((asked) => (asked.tools.length > 1 ? { status: 400 } : right(asked)))
  expect(long.end.why).toBe('done')
  expect(long.plays.filter(({ outcome }) => outcome === 'refused').map(({ mode }) => mode)).toEqual([
    'classic',
    'classic',
    'classic',
    'classic',
  ])
})

test('a fault of the stage, or of whoever keeps the transcripts, ends the run and loses nothing', async () => {
  let opened = 0
  const stage = openDesk()
  const { plays, end } = await run(right, {
    stageOf: () => (++opened > 4 ? Promise.reject(new Error('no more gateways')) : Promise.resolve(stage)),
  })
  expect(end).toEqual({ why: 'fault', reason: 'no more gateways' })
  expect(plays).toHaveLength(4)
  const full = await run(right, { onPlay: () => Promise.reject(new Error('disk full')) })
  expect(full.end).toEqual({ why: 'fault', reason: 'disk full' })
  expect(full.plays).toHaveLength(1)
})
