import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Json, JsonObject } from '../../../src/core/json.ts'
import type { RunRecord } from '../../../src/core/run.ts'
import { hashArguments, parseRunRecord } from '../../../src/scripts/replay/record.ts'

const ANSWER = {
  key: 'k1',
  call: 's.t',
  argumentsHash: hashArguments('{}'),
  ok: true,
  text: '{"a":1}',
  line: 3,
}
const RECORD: RunRecord = { startedAtMs: 1, seed: 2, turns: [{ atMs: 5, answers: [ANSWER] }] }

/** The record with another member somewhere. */
const withAnswer = (change: JsonObject): Json => ({
  startedAtMs: 1,
  seed: 2,
  turns: [{ atMs: 5, answers: [{ ...ANSWER, ...change }] }],
})

test('a record is read as it was written', () => {
  expect(parseRunRecord(JSON.parse(JSON.stringify(RECORD)) as Json, 100)).toEqual(RECORD)
  expect(parseRunRecord({ startedAtMs: 1, seed: 0, turns: [] }, 0)).toEqual({
    startedAtMs: 1,
    seed: 0,
    turns: [],
  })
})

test('members that nobody knows are left', () => {
  expect(parseRunRecord({ ...(withAnswer({ more: 1 }) as object), extra: true }, 100)).toEqual(RECORD)
})

test.for([
  ['nothing', undefined],
  ['a list', []],
  ['no time', { seed: 1, turns: [] }],
  ['a time that is none', { startedAtMs: 1.5, seed: 1, turns: [] }],
  ['a seed beyond 32 bits', { startedAtMs: 1, seed: 2 ** 32, turns: [] }],
  ['turns that are none', { startedAtMs: 1, seed: 1, turns: 'none' }],
  ['a turn without answers', { startedAtMs: 1, seed: 1, turns: [{ atMs: 1, answers: [] }] }],
  ['an answer without a key', withAnswer({ key: null })],
  ['an answer that is neither', withAnswer({ ok: 'yes' })],
  ['a text that is no JSON', withAnswer({ text: '{' })],
  ['a text beyond the bytes', withAnswer({ text: JSON.stringify('x'.repeat(100)) })],
  ['a key twice', { ...RECORD, turns: [...RECORD.turns, ...RECORD.turns] } as unknown as Json],
] as const)('%s is no record', ([, value]) => {
  expect(parseRunRecord(value, 100)).toBeUndefined()
})

test('anything at all is read without an exception', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      parseRunRecord(value, 1_000)
      parseRunRecord({ startedAtMs: 1, seed: 1, turns: [value] }, 1_000)
      parseRunRecord({ startedAtMs: 1, seed: 1, turns: [{ atMs: 1, answers: [value] }] }, 1_000)
    }),
  )
})
