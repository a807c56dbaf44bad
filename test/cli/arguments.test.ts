import { expect, test } from 'vitest'

import { readArguments, toArguments } from '../../src/cli/tools/arguments.ts'

const noInput = (): Promise<string> => Promise.reject(new Error('not asked for'))

const SCHEMA = {
  properties: {
    text: { type: 'string' },
    maybe: { type: ['string', 'null'] },
    pick: { enum: ['1', '2'] },
    count: { type: 'integer' },
    list: { type: 'array' },
  },
}

test('no words are no arguments', async () => {
  expect(toArguments(await readArguments([], noInput), undefined)).toEqual({})
})

test('pairs are read as the schema wants them', async () => {
  const words = [
    'text=1',
    'maybe=2',
    'pick=1',
    'count=3',
    'list=["a","b"]',
    'other=true',
    'free=a=b',
    '__proto__=x',
  ]
  const read = toArguments(await readArguments(words, noInput), SCHEMA)
  expect(Object.entries(read)).toEqual([
    ['text', '1'],
    ['maybe', '2'],
    ['pick', '1'],
    ['count', 3],
    ['list', ['a', 'b']],
    ['other', true],
    ['free', 'a=b'],
    ['__proto__', 'x'],
  ])
})

test('JSON is taken as it is, from the words or from the input', async () => {
  expect(toArguments(await readArguments(['{"text": 1}'], noInput), SCHEMA)).toEqual({ text: 1 })
  expect(toArguments(await readArguments(['-'], () => Promise.resolve('{"a": []}')), SCHEMA)).toEqual({
    a: [],
  })
})

test.each([[['x']], [['=1']], [['a=1', 'a=2']], [['{']], [['[1]']], [['{"a":1}', 'b=2']]])(
  '%j is wrong usage',
  async (words) => {
    await expect(readArguments(words, noInput)).rejects.toMatchObject({ name: 'UsageError' })
  },
)
