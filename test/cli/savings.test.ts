import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

import { afterEach, beforeEach, expect, test } from 'vitest'

import type { SavingsEntry } from '../../src/core/store.ts'
import { openStore } from '../../src/store/store.ts'
import { createPlace, run, type Place } from './program.ts'

const DAY_MS = 86_400_000
const METHOD = 'isogate/receipt-1 (o200k_base)'

let place: Place
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

/** Writes the ledger as a gateway does. */
async function writeLedger(entries: readonly Partial<SavingsEntry>[]): Promise<void> {
  const home = join(place.folder, 'home')
  await mkdir(home, { recursive: true, mode: 0o700 })
  const clock = { nowMs: Date.now, monotonicMs: () => performance.now() }
  const store = await openStore({ path: join(home, 'isogate.db'), clock, random: randomBytes })
  for (const entry of entries) {
    await store.savings.add({
      atMs: Date.now(),
      principal: 'alice',
      runs: 1,
      calls: 10,
      turnsAvoided: 3,
      directTokens: 12_000,
      usedTokens: 600,
      method: METHOD,
      ...entry,
    })
  }
  await store.close()
}

/** The words of each line of a table, until its end. */
function wordsOf(stdout: string): readonly (readonly string[])[] {
  const table = stdout.slice(0, stdout.indexOf('\n\n'))
  return table.split('\n').map((line) => line.trim().split(/ {2,}/))
}

test('without a store, or with an empty one, it says so and makes none', async () => {
  const first = await run(place, ['savings'])
  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(first.stdout).toContain('No run has been counted yet.')
  expect(await run(place, ['savings', '--json'])).toMatchObject({ code: 0, stdout: '{\n  "rows": []\n}\n' })
  expect((await run(place, ['savings'])).stdout).toBe(first.stdout)
  await writeLedger([])
  expect((await run(place, ['savings'])).stdout).toBe(first.stdout)
})

test('all runs are summed, with the method in words', async () => {
  await writeLedger([{}, { principal: 'bob', directTokens: 100, usedTokens: 700 }])
  const { code, stdout } = await run(place, ['savings'])
  expect(code).toBe(0)
  expect(wordsOf(stdout)).toEqual([
    ['RUNS', 'CALLS', 'TURNS AVOIDED', 'DIRECT', 'USED', 'SAVED', '%'],
    ['2', '20', '6', '12,100', '1,300', '10,800', '89.3'],
  ])
  expect(stdout).toMatch(/\n\nMethod isogate\/receipt-1 \(o200k_base\): calls and their full results.*\n$/)
  expect(stdout).not.toContain('\u001b')
})

test('by principal, what cost more than it saved is below zero, and names cannot act on the output', async () => {
  await writeLedger([{}, { principal: 'bob\u001b[31m', directTokens: 100, usedTokens: 700 }])
  const { stdout } = await run(place, ['savings', '--by', 'principal'])
  expect(wordsOf(stdout).slice(1)).toEqual([
    ['alice', '1', '10', '3', '12,000', '600', '11,400', '95.0'],
    ['bob', '1', '10', '3', '100', '700', '-600', '-600.0'],
  ])
})

test('by day and since', async () => {
  const old = Date.now() - 20 * DAY_MS
  await writeLedger([{}, { atMs: old, calls: 7 }])
  const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
  const all = await run(place, ['savings', '--by', 'day'])
  expect(wordsOf(all.stdout).map(([day]) => day)).toEqual(['DAY', dayOf(old), dayOf(Date.now())])
  const callsSince = async (since: string): Promise<unknown> => {
    const { stdout } = await run(place, ['savings', '--since', since, '--json'])
    return (JSON.parse(stdout) as { rows: { calls: number }[] }).rows.map(({ calls }) => calls)
  }
  expect(await callsSince('7d')).toEqual([10])
  expect(await callsSince('4w')).toEqual([17])
  expect(await callsSince(dayOf(old))).toEqual([17])
})

test('nothing in the time that was asked for', async () => {
  await writeLedger([{ atMs: Date.now() - 20 * DAY_MS }])
  expect((await run(place, ['savings', '--since', '12h'])).stdout).toContain(
    'No run was counted in this time.',
  )
})

test('sums of two methods stand apart', async () => {
  await writeLedger([{}, { method: 'isogate/receipt-1 (estimate)' }, { method: 'other' }])
  const { stdout } = await run(place, ['savings'])
  expect(wordsOf(stdout).map((words) => words.at(-1))).toEqual([
    'METHOD',
    'isogate/receipt-1 (estimate)',
    METHOD,
    'other',
  ])
  expect(stdout).toContain('tokens are estimated.\n')
  expect(stdout).toContain('\nMethod: other\n')
})

test.each([['yesterday'], ['7x'], ['2026-13-40'], ['-1d']])('--since=%s is wrong usage', async (since) => {
  const { code, stderr } = await run(place, ['savings', `--since=${since}`])
  expect(code).toBe(2)
  expect(stderr).toContain('--since takes 12h, 7d, 4w or a day as 2026-11-22')
})
