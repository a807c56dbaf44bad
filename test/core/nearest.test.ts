import fc from 'fast-check'
import { expect, test } from 'vitest'

import { nearest } from '../../src/core/nearest.ts'

const NAMES = ['list_issues', 'list_repos', 'create_issue', 'get_user', 'search']

test('a word with a slip of the finger finds the name that was meant', () => {
  expect(nearest('lsit_issues', NAMES)[0]).toBe('list_issues')
  expect(nearest('creat_issue', NAMES)[0]).toBe('create_issue')
})

test('a part of a name finds the name, whatever the case', () => {
  expect(nearest('ISSUE', NAMES)).toEqual(expect.arrayContaining(['list_issues', 'create_issue']))
})

test('a word like nothing finds nothing', () => {
  expect(nearest('zzzzqqqq', NAMES)).toEqual([])
})

test('there are never more than asked for, each is a candidate, and the order of the candidates does not matter', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }),
      fc.uniqueArray(fc.string({ maxLength: 12 }), { maxLength: 12 }),
      fc.integer({ min: 0, max: 5 }),
      (word, candidates, limit) => {
        const found = nearest(word, candidates, limit)
        expect(found.length).toBeLessThanOrEqual(limit)
        expect(candidates).toEqual(expect.arrayContaining(found))
        expect(nearest(word, candidates.toReversed(), limit)).toEqual(found)
      },
    ),
  )
})

test('a candidate is its own nearest', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,12}$/), { minLength: 1 }), (candidates) => {
      const [first = ''] = candidates
      expect(nearest(first, candidates)[0]).toBe(first)
    }),
  )
})

test('an enormous word ends', () => {
  expect(nearest('a'.repeat(1_000_000), NAMES)).toEqual([])
})

test('what is measured only in part is as in full', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })
  fc.assert(
    fc.property(word, fc.uniqueArray(word, { maxLength: 30 }), (wanted, candidates) => {
      expect(nearest(wanted, candidates)).toEqual(nearest(wanted, candidates, 1000).slice(0, 3))
    }),
  )
})
