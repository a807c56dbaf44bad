import { randomBytes } from 'node:crypto'

import { expect, onTestFinished, test } from 'vitest'

import { systemClock } from '../../../../src/assemble.ts'
import type { EffectStore } from '../../../../src/core/approval.ts'
import { GatewayError } from '../../../../src/core/errors.ts'
import type { NewRun, RunStore } from '../../../../src/core/store.ts'
import { createKeptRun, type RunSight } from '../../../../src/scripts/run/suspended/kept-run.ts'
import { openMemoryStore } from '../../../../src/store/store.ts'

const RUN: NewRun = { id: 'r', owner: 'ada', code: '', options: {}, record: {}, reasons: [] }
const SIGHT: RunSight = { record: { startedAtMs: 1, seed: 1, turns: [] }, made: [] }
const effectOf = (key: string, n = 1) => ({ key, tool: 'shop.note', args: { n } })

function open(more: { runs?: Partial<RunStore>; effects?: Partial<EffectStore> } = {}) {
  let passedMs = 0
  const clock = { ...systemClock, nowMs: () => Date.now() + passedMs }
  const store = openMemoryStore({ clock, random: randomBytes })
  onTestFinished(() => store.close())
  const runs = { ...store.runs, ...more.runs }
  const effects = { ...store.effects, ...more.effects }
  const leg = async (isResumed = false) => {
    const claim = isResumed ? await store.runs.claim('ada', 'r', clock.nowMs() + 15_000) : undefined
    if (isResumed && claim === undefined) throw new Error('The run cannot be claimed.')
    return createKeptRun({ runs, effects, clock, owner: 'ada', id: 'r', toRun: () => RUN }, claim)
  }
  return { store, leg, pass: (ms: number) => void (passedMs += ms) }
}

test('a leg that is not kept leaves nothing', async () => {
  const { store, leg } = open()
  const kept = await leg()
  expect(await kept.begin(effectOf('a'))).toBeUndefined()
  await kept.end('a', { ok: true, value: 1 })
  await kept.finish()
  expect(await store.runs.list()).toEqual([])
  expect(await store.effects.begin('ada', 'r', 'a', { tool: 't', argumentsHash: 'h' })).toBeUndefined()
})

test('of calls that are under way when a run is kept the next leg finds how they ended, or that nobody knows', async () => {
  const { leg, pass } = open()
  const first = await leg()
  for (const key of ['before', 'ends', 'open', 'undone']) await first.begin(effectOf(key))
  await first.end('before', { ok: true, value: 0 })
  const keeping = first.keep(() => SIGHT)
  const ending = first.end('ends', { ok: true, value: 1 })
  const beginning = first.begin(effectOf('during'))
  await Promise.all([keeping, ending, beginning])
  await first.undo('undone')
  pass(16_000)

  const second = await leg(true)
  // Its answer is in the record, which the leg replays before it makes a call.
  expect(await second.begin(effectOf('before'))).toBeUndefined()
  expect(await second.begin(effectOf('ends'))).toEqual({ kind: 'ended', outcome: { ok: true, value: 1 } })
  expect(await second.begin(effectOf('open'))).toEqual({ kind: 'unknown' })
  expect(await second.begin(effectOf('during'))).toEqual({ kind: 'unknown' })
  expect(await second.begin(effectOf('undone'))).toBeUndefined()
  expect(await second.begin(effectOf('open', 2))).toEqual({ kind: 'other' })
  expect(await second.begin({ ...effectOf('open'), tool: 'shop.other' })).toEqual({ kind: 'other' })
  await second.release()
})

test('of two legs that are at work at the same time only one makes a call', async () => {
  const { leg, pass } = open()
  const first = await leg()
  await first.keep(() => SIGHT)
  pass(16_000)
  const second = await leg(true)
  const found = await Promise.all([first, second].map((kept) => kept.begin(effectOf('a'))))
  expect(found.filter((known) => known === undefined)).toHaveLength(1)
  expect(found).toContainEqual({ kind: 'unknown' })
  // The one that has lost its claim takes nothing away from the other.
  await first.finish()
  await expect(first.suspend(RUN)).rejects.toMatchObject({ code: 'unknown_run' })
  const winner = found[0] === undefined ? first : second
  await winner.end('a', { ok: true, value: 1 })
  await second.release()
  expect(await (await leg(true)).begin(effectOf('a'))).toMatchObject({ kind: 'ended' })
})

test('a run that is kept is held by its own leg, and given up at its end', async () => {
  const { store, leg } = open()
  const kept = await leg()
  await Promise.all([kept.keep(() => SIGHT), kept.keep(() => SIGHT)])
  expect(await store.runs.claim('ada', 'r', Date.now() + 1_000)).toBeUndefined()
  await kept.begin(effectOf('a'))
  await kept.suspend({ ...RUN, reasons: ['It waits.'] })
  expect(await store.runs.list()).toMatchObject([{ id: 'r', isClaimed: false, reasons: ['It waits.'] }])
  expect(await store.effects.begin('ada', 'r', 'a', { tool: 't', argumentsHash: 'h' })).toBeUndefined()
})

test('what has ended is forgotten', async () => {
  const { store, leg } = open()
  const kept = await leg()
  await kept.keep(() => SIGHT)
  await kept.begin(effectOf('a'))
  await kept.finish()
  expect(await store.runs.list()).toEqual([])
  expect(await store.effects.begin('ada', 'r', 'a', { tool: 't', argumentsHash: 'h' })).toBeUndefined()
})

test('a run that cannot be kept goes on as one that is not, and may be kept later', async () => {
  let isFull = true
  const { store, leg } = open({
    runs: {
      save: (run) =>
        isFull ? Promise.reject(new GatewayError('store_full', 'There is no room.')) : store.runs.save(run),
    },
  })
  const kept = await leg()
  await kept.begin(effectOf('a'))
  await expect(kept.keep(() => SIGHT)).rejects.toMatchObject({ code: 'store_full' })
  expect(await kept.begin(effectOf('b'))).toBeUndefined()
  await kept.end('a', { ok: true, value: 1 })
  isFull = false
  await kept.keep(() => SIGHT)
  expect(await store.effects.begin('ada', 'r', 'a', { tool: 't', argumentsHash: 'h' })).toBeUndefined()
  expect(await store.effects.begin('ada', 'r', 'b', { tool: 't', argumentsHash: 'h' })).toBeDefined()
  await kept.release()
})

test('where an end cannot be written nobody knows it', async () => {
  const { leg } = open({
    effects: { end: () => Promise.reject(new GatewayError('store_unusable', 'The disk is full.')) },
  })
  const first = await leg()
  await first.keep(() => SIGHT)
  await first.begin(effectOf('a'))
  await first.end('a', { ok: true, value: 1 })
  await first.release()
  expect(await (await leg(true)).begin(effectOf('a'))).toEqual({ kind: 'unknown' })
})
