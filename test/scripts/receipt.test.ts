import { afterAll, describe, expect, test } from 'vitest'

import { estimateTokens } from '../../src/catalog/tokens.ts'
import { textResult } from '../../src/core/result.ts'
import {
  countReceipts,
  estimateReceipt,
  readRun,
  toSavings,
  type EndedRun,
  type Receipt,
} from '../../src/scripts/receipt.ts'
import { createTokenCounter } from '../../src/tokens/counter.ts'

type RunCall = EndedRun['calls'][number]

/** One token for each character: the sums can be read off. */
const perCharacter = (text: string): number => text.length
const EMPTY_CALL = '{"name":"t","arguments":{}}'.length

const call = (wave: number, resultChars: number, more: Partial<RunCall> = {}): RunCall => ({
  tool: 't',
  args: {},
  result: textResult('r'.repeat(resultChars)),
  wave,
  ...more,
})

function receiptOf(calls: readonly RunCall[], code = 'c', result = 'v') {
  return estimateReceipt(readRun({ code, result: textResult(result), calls }), perCharacter)
}

const USED = '{"name":"run_script","arguments":{"code":"c"}}v'.length

test('each call costs its tool-use block and its result once, and the run its code and its result', () => {
  const directTokens = 2 * EMPTY_CALL + 1_500
  expect(receiptOf([call(1, 1_000), call(2, 500)])).toEqual({
    rule: 'isogate/receipt-1',
    method: 'estimate',
    calls: 2,
    turnsAvoided: 1,
    directTokens,
    usedTokens: USED,
    savedTokens: directTokens - USED,
    ratio: Math.round(((directTokens - USED) / directTokens) * 1_000) / 1_000,
    rereadTokens: EMPTY_CALL + 1_000,
  })
})

test('calls of one wave are one turn, in whichever order they ended', () => {
  const receipt = receiptOf([call(2, 0), call(1, 0), call(1, 0), call(2, 0), call(3, 0)])
  expect(receipt).toMatchObject({ calls: 5, turnsAvoided: 2 })
  expect(receiptOf([call(1, 0), call(1, 0)])).toMatchObject({ turnsAvoided: 0, rereadTokens: 0 })
})

test('what was read first is read again at every further turn', () => {
  const { rereadTokens } = receiptOf([call(4, 1), call(1, 100), call(2, 10)])
  expect(rereadTokens).toBe(2 * (EMPTY_CALL + 100) + (EMPTY_CALL + 10))
})

test('a run that cost more than it saved says so', () => {
  const receipt = receiptOf([call(1, 10)], 'c'.repeat(1_000))
  expect(receipt.savedTokens).toBeLessThan(-900)
  expect(receipt.ratio).toBeLessThan(-10)
})

test('a run without calls has cost, and nothing to compare it with', () => {
  const receipt = receiptOf([])
  expect(receipt).toMatchObject({ calls: 0, turnsAvoided: 0, directTokens: 0, savedTokens: -USED })
  expect(receipt).not.toHaveProperty('ratio')
})

describe('of a result counts what a classic client shows its model', () => {
  const image = { type: 'image', data: 'A'.repeat(10_000), mimeType: 'image/png' }
  test.each<[string, RunCall['result'], number]>([
    ['nothing, where no answer came', undefined, 0],
    [
      'text blocks',
      {
        content: [
          { type: 'text', text: 'ab' },
          { type: 'text', text: 'cd' },
        ],
      },
      4,
    ],
    ['the text of a resource', { content: [{ type: 'resource', resource: { uri: 'x:y', text: 'abc' } }] }, 3],
    [
      'text and not its structured twin',
      { content: [{ type: 'text', text: '{}' }], structuredContent: {} },
      2,
    ],
    ['structured content alone', { content: [], structuredContent: { a: 1 } }, 7],
    ['no image', { content: [image] }, 0],
    ['no resource that is not text', { content: [{ type: 'resource', resource: null }] }, 0],
  ])('%s', (_, result, chars) => {
    const { result: _left, ...rest } = call(1, 0)
    const calls = [result === undefined ? rest : { ...rest, result }]
    expect(receiptOf(calls).directTokens).toBe(EMPTY_CALL + chars)
  })

  test('what is nested too deep to be written counts nothing', () => {
    let deep: object = {}
    for (let i = 0; i < 100_000; i++) deep = { deep }
    const result = { content: [], structuredContent: deep as never }
    expect(receiptOf([call(1, 0, { result })]).directTokens).toBe(EMPTY_CALL)
  })
})

test('long results and many calls are read in part, and the receipt is that of the whole', () => {
  let readChars = 0
  const estimate = (text: string): number => {
    readChars += text.length
    return text.length
  }
  const calls = Array.from({ length: 300 }, () => call(1, 1_000_000))
  const run = readRun({ code: 'c', result: textResult('v'), calls })
  const texts = run.calls.flatMap(({ read }) => (read === undefined ? [] : [read.use.text, read.result.text]))
  const heldChars = texts.reduce((sum, { length }) => sum + length, 0)
  expect(heldChars).toBeLessThanOrEqual(1_000_000)
  const { directTokens } = estimateReceipt(run, estimate)
  expect(readChars).toBeLessThanOrEqual(262_144)
  expect(directTokens).toBe(300 * (1_000_000 + EMPTY_CALL))
})

describe('counted', () => {
  const counter = createTokenCounter({ estimate: estimateTokens })
  afterAll(() => counter.close())
  const issues = JSON.stringify(
    Array.from({ length: 200 }, (_, id) => ({
      id,
      title: `Issue number ${id}`,
      state: 'open',
      labels: ['bug'],
    })),
  )
  const run = readRun({
    code: 'const issues = await tools.github.list_issues({ state: "open" })\nreturn issues.length',
    result: textResult('200'),
    calls: [call(1, 0, { tool: 'github__list_issues', args: { state: 'open' }, result: textResult(issues) })],
  })

  test('it names the tokenizer, and the estimate was near', async () => {
    const [counted] = (await countReceipts([run], counter)) as [Receipt]
    expect(counted).toMatchObject({ method: 'o200k_base', calls: 1, turnsAvoided: 0 })
    expect(counted.usedTokens).toBeGreaterThan(25)
    expect(counted.usedTokens).toBeLessThan(50)
    expect(counted.ratio).toBeGreaterThan(0.95)
    const estimated = estimateReceipt(run, estimateTokens)
    expect(estimated.method).toBe('estimate')
    expect(Math.abs(estimated.directTokens / counted.directTokens - 1)).toBeLessThan(0.3)
  })

  test('without a tokenizer it is an estimate, and says so', async () => {
    const closed = createTokenCounter({ estimate: estimateTokens })
    await closed.close()
    expect(await countReceipts([run, run], closed)).toEqual([
      estimateReceipt(run, estimateTokens),
      estimateReceipt(run, estimateTokens),
    ])
  })

  test('the ledger gets its sums under the name of the rule and of the tokenizer', async () => {
    const [, counted] = (await countReceipts([run, run], counter)) as [Receipt, Receipt]
    const { calls, turnsAvoided, directTokens, usedTokens } = counted
    expect(toSavings(counted, 5, 'alice')).toEqual({
      atMs: 5,
      principal: 'alice',
      runs: 1,
      calls,
      turnsAvoided,
      directTokens,
      usedTokens,
      method: 'isogate/receipt-1 (o200k_base)',
    })
  })
})

test('of very many calls a part is read, and the sum is that of all', () => {
  const calls = Array.from({ length: 1_000 }, (_, index) => call(index < 400 ? 1 : 2, 50))
  const receipt = estimateReceipt(readRun({ code: '', result: textResult(''), calls }), perCharacter)
  expect(receipt).toMatchObject({ calls: 1_000, turnsAvoided: 1, directTokens: 1_000 * (EMPTY_CALL + 50) })
  expect(receipt.rereadTokens).toBe(400 * (EMPTY_CALL + 50))
})
