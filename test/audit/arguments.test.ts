import { hash, randomBytes } from 'node:crypto'

import { expect, test } from 'vitest'

import { argumentsOf, openArguments } from '../../src/audit/arguments.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { createSeal } from '../../src/secrets/seal.ts'

const seal = createSeal([randomBytes(32)], randomBytes)
const ARGS: JsonObject = { path: '/work/ä', b: undefined, a: [1, { z: null, y: 2 }] }

test('the hash is that of the canonical JSON, whatever the order of the members', () => {
  const canonical = '{"a":[1,{"y":2,"z":null}],"path":"/work/ä"}'
  const expected = {
    argumentsHash: `sha256:${hash('sha256', canonical)}`,
    argumentBytes: Buffer.byteLength(canonical),
  }
  expect(argumentsOf('hash', undefined, 'c', ARGS)).toEqual(expected)
  expect(argumentsOf('hash', undefined, 'd', { path: '/work/ä', a: [1, { y: 2, z: null }] })).toEqual(
    expected,
  )
  expect(argumentsOf('none', undefined, 'c', ARGS)).toEqual({})
})

test('stored ones are sealed, and open for their own call only', () => {
  const recorded = argumentsOf('store', seal, 'c', ARGS)
  expect(JSON.stringify(recorded)).not.toContain('/work')
  expect(openArguments({ id: 'c', ...recorded }, seal)).toEqual({
    path: '/work/ä',
    a: [1, { z: null, y: 2 }],
  })
  expect(() => openArguments({ id: 'd', ...recorded }, seal)).toThrow(
    expect.objectContaining({ code: 'sealed' }),
  )
  expect(openArguments({ id: 'c' }, seal)).toBeUndefined()
})

test('without a key nothing is stored readable', () => {
  expect(() => argumentsOf('store', undefined, 'c', ARGS)).toThrow(
    expect.objectContaining({ code: 'sealed' }),
  )
})

test('as deep as a door lets through is hashed, and one level more is not', () => {
  const nested = (levels: number): JsonObject => {
    let value: JsonObject = {}
    for (let level = 0; level < levels; level++) value = { deep: value }
    return value
  }
  expect(argumentsOf('hash', undefined, 'c', nested(256)).argumentsHash).toMatch(/^sha256:/)
  expect(argumentsOf('hash', undefined, 'c', nested(257))).toEqual({ args: { omitted: 'nested too deeply' } })
})

test('deep and large ones are named and not stored', () => {
  let deep: JsonObject = {}
  for (let level = 0; level < 100_000; level++) deep = { deep }
  expect(argumentsOf('hash', undefined, 'c', deep)).toEqual({ args: { omitted: 'nested too deeply' } })
  const large = argumentsOf('store', seal, 'c', { text: 'x'.repeat(1_000_000) })
  expect(large).toMatchObject({ args: { omitted: 'too large' }, argumentBytes: 1_000_011 })
  expect(large.argumentsHash).toMatch(/^sha256:[0-9a-f]{64}$/)
  expect(openArguments({ id: 'c', ...large }, seal)).toBeUndefined()
})
