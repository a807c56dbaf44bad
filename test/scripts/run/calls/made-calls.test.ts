import { expect, test } from 'vitest'

import type { Json } from '../../../../src/core/json.ts'
import { createMadeCalls, fromNotes, toDone, toNotes } from '../../../../src/scripts/run/calls/made-calls.ts'

const CALL = { tool: 's.t', args: { n: 1 }, isReadOnly: false, key: 'k' }

test('a call that is still open may have taken effect, and one that was refused was not made', () => {
  const made = createMadeCalls()
  const [open, refused, lost] = [CALL, CALL, CALL].map((call, n) =>
    made.begin({ ...call, key: `k${n}` }, false),
  )
  refused?.refused()
  lost?.lost()
  expect(made.all().map(({ key, outcome }) => [key, outcome])).toEqual([
    ['k0', 'unknown'],
    ['k2', 'unknown'],
  ])
  open?.answered({ content: [], isError: true })
  expect(made.all()[0]).toMatchObject({ outcome: 'error' })
})

test('of an answer the texts are kept, in one form, and no more of them than fits', () => {
  const made = createMadeCalls()
  const answer = (content: readonly { type: string; text?: string; data?: string }[]): void =>
    made.begin(CALL, false).answered({ content, structuredContent: { a: 1 } })
  answer([
    { type: 'text', text: 'x' },
    { type: 'image', data: 'AAAA' },
  ])
  answer([{ type: 'image', data: 'AAAA' }])
  for (let n = 0; n < 3; n++) answer([{ type: 'text', text: 'y'.repeat(4_000_000) }])
  const results = made.all().map(({ result }) => result)
  expect(results[0]).toEqual({ content: [{ type: 'text', text: 'x' }] })
  expect(results[1]).toEqual({ content: [{ type: 'text', text: '{"a":1}' }] })
  expect(results.map((result) => result !== undefined)).toEqual([true, true, true, true, false])
})

test('a value that is nested too deeply to be written is an answer like any other', () => {
  const made = createMadeCalls()
  const structuredContent = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as Json
  made.begin(CALL, false).answered({ content: [], structuredContent })
  expect(made.all()[0]).toMatchObject({ outcome: 'ok' })
})

test('notes keep what later legs tell, and the arguments of what was only simulated', () => {
  const made = createMadeCalls()
  made.begin(CALL, false).answered({ content: [] })
  made.begin(CALL, true).answered({ content: [] })
  const read = fromNotes(JSON.parse(JSON.stringify(toNotes(made.all()))) as Json)
  expect(read).toEqual([
    { ...CALL, args: {}, outcome: 'ok', wave: 0, told: 's.t({"n":1})' },
    { ...CALL, outcome: 'simulated', wave: 0 },
  ])
})

test('what is done is told a line each: what has ended and may have had an effect, of all legs', () => {
  const made = createMadeCalls()
  made.begin(CALL, false).answered({ content: [], isError: true })
  made.begin({ ...CALL, key: 'l', args: { text: 'x'.repeat(1_000) } }, false).lost()
  made.begin({ ...CALL, isReadOnly: true, key: 'm' }, false).answered({ content: [] })
  made.begin({ ...CALL, key: 'n' }, true).answered({ content: [] })
  made.begin({ ...CALL, key: 'o' }, false).refused()
  made.begin({ ...CALL, key: 'p' }, false)
  const lines = ['s.t({"n":1}) (failed)', 's.t(…) (outcome unknown)']
  expect(made.done()).toEqual(lines)
  const ended = made.all().filter(({ key }) => key !== 'p')
  expect(toDone(fromNotes(toNotes(fromNotes(toNotes(ended)))))).toEqual(lines)
})

test.each([
  undefined,
  null,
  'x',
  {},
  [null, 1, []],
  [{ tool: 's.t' }],
  [{ ...CALL, outcome: 'toString' }],
  [{ ...CALL, outcome: 'ok', args: [] }],
])('notes that are none (%j) are no calls', (notes) => {
  expect(fromNotes(notes)).toEqual([])
})
