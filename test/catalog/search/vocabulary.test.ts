import { describe, expect, test } from 'vitest'
import { createTokenizer } from '../../../src/catalog/search/text/tokenize.ts'
import { createVocabulary, NEAR_MAX, WORD_GROUPS } from '../../../src/catalog/search/text/vocabulary.ts'
import type { WordGroup } from '../../../src/catalog/search/text/words/group.ts'

/** The widest class. What stands for more says nothing. */
const CLASS_MAX = 12

const tokenize = createTokenizer()
const vocabulary = createVocabulary(tokenize)
const near = (word: string) => vocabulary(stemOf(word)).map(({ term }) => term)
const stemOf = (word: string): string => tokenize(word).at(-1) ?? ''

const classes = WORD_GROUPS.flatMap((group) => group.classes)

function vocabularyOf(...groups: WordGroup[]) {
  return createVocabulary(tokenize, groups)
}

describe('vocabulary', () => {
  test('a word stands for each other of its class', () => {
    expect(near('repo')).toContain(stemOf('repository'))
    expect(near('repositories')).toContain('repo')
    expect(near('erase')).toContain(stemOf('delete'))
    expect(near('delete')).toContain(stemOf('erase'))
  })

  test('one way only where a class says so', () => {
    expect(near('pr')).toEqual(expect.arrayContaining(['pull', 'request']))
    expect(near('request')).not.toContain('pr')
    expect(near('request')).not.toContain('pull')
    expect(near('gmail')).toContain('mail')
    expect(near('mail')).not.toContain('gmail')
  })

  test('classes are not joined by a word that they share', () => {
    const two = vocabularyOf({ degree: 'like', classes: ['stock share', 'share send'] })
    expect(two('stock').map(({ term }) => term)).toEqual(['share'])
    expect(two('share').map(({ term }) => term)).toEqual(['stock', 'send'])
  })

  test('forms count more than words like it, these more than what is near, and none as much as the word', () => {
    const [form, like, other] = vocabularyOf(
      { degree: 'near', classes: ['road map'] },
      { degree: 'like', classes: ['road path'] },
      { degree: 'same', classes: ['road rd'] },
    )('road')
    expect([form?.term, like?.term, other?.term]).toEqual(['rd', 'path', 'map'])
    expect(form?.weight).toBeLessThan(1)
    expect(like?.weight).toBeLessThan(form?.weight ?? 0)
    expect(other?.weight).toBeLessThan(like?.weight ?? 0)
    expect(other?.weight).toBeGreaterThan(0)
  })

  test('a word in two classes with another counts as in the closer one', () => {
    const closer: WordGroup = { degree: 'same', classes: ['mail post'] }
    const wider: WordGroup = { degree: 'near', classes: ['mail post'] }
    expect(vocabularyOf(closer, wider)('mail')).toEqual(vocabularyOf(closer)('mail'))
    expect(vocabularyOf(wider, closer)('mail')).toEqual(vocabularyOf(closer)('mail'))
  })

  test('a name with digits is one word', () => {
    expect(near('k8s')).toContain(stemOf('kubernetes'))
    expect(vocabulary('k')).toEqual([])
    expect(vocabulary('8')).toEqual([])
  })

  test('so many stand for one word and no more, the best of them', () => {
    const many = Array.from(
      { length: 100 },
      (_, at) => `word${String.fromCharCode(97 + (at % 26), 97 + at / 26)}`,
    )
    const terms = vocabularyOf(
      { degree: 'near', classes: [['wide', ...many].join(' ')] },
      { degree: 'same', classes: ['wide broad'] },
    )('wide')
    expect(terms).toHaveLength(NEAR_MAX)
    expect(terms[0]?.term).toBe('broad')
  })

  test('an unknown word has none', () => {
    expect(vocabulary('xyzzy')).toEqual([])
    expect(vocabulary('constructor')).toEqual([])
    expect(vocabulary('')).toEqual([])
  })
})

describe('the words', () => {
  const sidesOf = (line: string) => line.split(' > ').map((side) => side.split(' ').map(stemOf))
  const faulty = (isFaulty: (sides: readonly string[][]) => boolean) =>
    classes.filter((line) => isFaulty(sidesOf(line)))

  test('each is one that the index keeps', () => {
    expect(faulty((sides) => sides.flat().includes(''))).toEqual([])
  })

  test('no two of a class are one word to the index', () => {
    expect(faulty((sides) => new Set(sides.flat()).size < sides.flat().length)).toEqual([])
  })

  test('classes have two words or more, at most two sides, and none is too wide', () => {
    expect(faulty((sides) => sides.flat().length < 2 || sides.length > 2)).toEqual([])
    expect(faulty((sides) => sides.some(({ length }) => length > CLASS_MAX))).toEqual([])
  })

  test('no class is there twice', () => {
    const sorted = classes.map((line) =>
      line
        .split(' > ')
        .map((side) => side.split(' ').sort().join(' '))
        .join(' > '),
    )
    expect(sorted.filter((line, at) => sorted.indexOf(line) !== at)).toEqual([])
  })

  test('nothing is cut off by the bound', () => {
    for (const word of classes.join(' ').split(/ > | /))
      expect(vocabulary(stemOf(word)).length, word).toBeLessThan(NEAR_MAX)
  })
})
