import { randomBytes } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { createSeal, keyId } from '../../src/secrets/seal.ts'

const OLD = Buffer.alloc(32, 1)
const NEW = Buffer.alloc(32, 2)
const { seal, open } = createSeal([OLD], randomBytes)
const ABOUT = 'run.code:["ann","r_1"]'
const SEALED_ERROR = expect.objectContaining({ code: 'sealed' }) as Error

test('what was sealed opens in its place, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, about) => {
      const sealed = seal(text, about)
      expect(open(sealed, about)).toBe(text)
      expect(sealed).toMatch(new RegExp(`^s1\\.${keyId(OLD)}\\.[A-Za-z0-9_-]+$`))
    }),
  )
})

test('the same text is sealed into another one each time', () => {
  expect(new Set(Array.from({ length: 100 }, () => seal('the same', ABOUT))).size).toBe(100)
})

test('a text from before there was a key opens as itself', () => {
  for (const text of ['', 'return 1', '{"s1":1}', 'S1.x', 's2.0', ' s1.'])
    expect(open(text, ABOUT)).toBe(text)
})

describe('never opens', () => {
  const sealed = seal('the value', ABOUT)
  const [, , body = ''] = sealed.split('.')
  test.each([
    ['in another row', sealed, 'run.code:["ann","r_2"]'],
    ['in a place whose name only begins so', sealed, `${ABOUT} `],
    ['with nothing in it', 's1.', ABOUT],
    ['without a body', `s1.${keyId(OLD)}.`, ABOUT],
    ['where it only begins like a sealed one', 's1.tools.files.read()', ABOUT],
    ['under the name of a key that is not there', `s1.00000000.${body}`, ABOUT],
    ['with more behind it', `${sealed}.x`, ABOUT],
    ['with a line break behind it', `${sealed}\n`, ABOUT],
    ['when it is shorter than its tag', `s1.${keyId(OLD)}.${body.slice(0, 20)}`, ABOUT],
  ])('%s', (_what, text, about) => {
    expect(() => open(text, about)).toThrow(SEALED_ERROR)
  })

  test('with any of its characters changed, and says nothing of the value', () => {
    for (let index = 0; index < sealed.length; index++) {
      const other = sealed[index] === 'A' ? 'B' : 'A'
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1)
      // The first characters make it a sealed text at all.
      if (!changed.startsWith('s1.')) continue
      expect(() => open(changed, ABOUT), String(index)).toThrow(SEALED_ERROR)
    }
  })

  test('with any part of it cut off', () => {
    for (let length = 's1.'.length; length < sealed.length; length++)
      expect(() => open(sealed.slice(0, length), ABOUT)).toThrow(SEALED_ERROR)
  })
})

describe('keys are changed', () => {
  test('the first one seals, and all of them open', () => {
    const both = createSeal([NEW, OLD], randomBytes)
    expect(both.open(seal('from before', ABOUT), ABOUT)).toBe('from before')
    const fresh = both.seal('from now on', ABOUT)
    expect(createSeal([NEW], randomBytes).open(fresh, ABOUT)).toBe('from now on')
    expect(() => open(fresh, ABOUT)).toThrow(SEALED_ERROR)
  })

  test('no key, and one that is too short or too long, is none', () => {
    expect(() => createSeal([], randomBytes)).toThrow(SEALED_ERROR)
    for (const length of [0, 16, 31, 33]) {
      expect(() => createSeal([Buffer.alloc(length)], randomBytes)).toThrow(SEALED_ERROR)
    }
  })
})
