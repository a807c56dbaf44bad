import fc from 'fast-check'
import { expect, test } from 'vitest'

import { matchesGlob } from '../../src/core/glob.ts'

/** Few letters, so that patterns and texts meet often. */
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 10 })
const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 10 })

/** What a glob means, written to be read. Exponential, which is why it is not the one in use. */
function matchesByDefinition(glob: string, word: string): boolean {
  if (glob === '') return word === ''
  if (glob[0] === '*') {
    return (
      matchesByDefinition(glob.slice(1), word) || (word !== '' && matchesByDefinition(glob, word.slice(1)))
    )
  }
  return (
    word !== '' &&
    (glob[0] === '?' || glob[0] === word[0]) &&
    matchesByDefinition(glob.slice(1), word.slice(1))
  )
}

test('a glob matches exactly what its definition matches', () => {
  fc.assert(
    fc.property(pattern, text, (glob, word) => {
      expect(matchesGlob(glob, word)).toBe(matchesByDefinition(glob, word))
    }),
    { numRuns: 2_000 },
  )
})

test('a star alone matches everything, and a text without wildcards itself and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (word, other) => {
      expect(matchesGlob('*', word)).toBe(true)
      if (!/[*?]/.test(word)) expect(matchesGlob(word, other)).toBe(word === other)
    }),
  )
})

test('signs of regular expressions are ordinary signs', () => {
  expect(matchesGlob('a.b', 'axb')).toBe(false)
  expect(matchesGlob('[ab].*', 'a.x')).toBe(false)
  expect(matchesGlob('(a+)+$', '(a+)+$')).toBe(true)
})

test('case counts', () => {
  expect(matchesGlob('alpha.Secret', 'alpha.secret')).toBe(false)
})

test('many stars over a long text end', () => {
  expect(matchesGlob(`${'*a'.repeat(50)}b`, 'a'.repeat(20_000))).toBe(false)
})
