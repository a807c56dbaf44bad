import { afterAll, expect, test } from 'vitest'

import { estimateTokens } from '../../src/catalog/tokens.ts'
import { textResult } from '../../src/core/result.ts'
import type { SavingsEntry } from '../../src/core/store.ts'
import { readRun, type Receipt } from '../../src/scripts/receipt.ts'
import { createSavings } from '../../src/scripts/savings.ts'
import { createTokenCounter } from '../../src/tokens/counter.ts'
import { heldClock } from '../policy/call-of.ts'

const counter = createTokenCounter({ estimate: estimateTokens })
afterAll(() => counter.close())

function open() {
  const entries: SavingsEntry[] = []
  const counted: Receipt[] = []
  const asked: number[] = []
  const savings = createSavings({
    counter: { ...counter, count: (texts) => counter.count((asked.push(texts.length), texts)) },
    ledger: { add: async (entry) => void entries.push(entry), sum: async () => [] },
    clock: heldClock(),
    estimate: estimateTokens,
    onCounted: (receipt) => void counted.push(receipt),
  })
  return { savings, entries, counted, asked }
}

const runOf = (code: string) => readRun({ code, result: textResult('done'), calls: [] })

test('runs are counted together, each for its own caller', async () => {
  const { savings, entries, counted, asked } = open()
  savings.add(runOf('return 1'), 'ada')
  savings.add(runOf('return await tools.a.b({ c: "a longer script" })'), 'ben')
  await savings.close()
  expect(asked).toEqual([4])
  expect(entries).toMatchObject([
    { principal: 'ada', runs: 1, method: 'isogate/receipt-1 (o200k_base)' },
    { principal: 'ben', runs: 1, method: 'isogate/receipt-1 (o200k_base)' },
  ])
  expect(counted[1]?.usedTokens).toBeGreaterThan(counted[0]?.usedTokens ?? Infinity)
})

test('what finds no room is entered with its estimate, at once', async () => {
  const { savings, entries } = open()
  const large = runOf('x '.repeat(32_000))
  for (let n = 0; n < 400; n++) savings.add(large, 'ada')
  expect(entries.length).toBeGreaterThan(0)
  expect(new Set(entries.map(({ method }) => method))).toEqual(new Set(['isogate/receipt-1 (estimate)']))
  const atOnce = entries.length
  await savings.close()
  expect(entries).toHaveLength(400)
  expect(atOnce).toBeLessThan(400)
})
