import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNames } from '../../src/catalog/names.ts'
import { toolKey } from '../../src/core/tool.ts'

const awkward = fc.oneof(
  fc.constantFrom(
    'foo_bar',
    'foo-bar',
    'foo.bar',
    'then',
    'then_',
    '_1',
    '1',
    '__proto__',
    '',
    'a__b',
    'b__c',
    '名前',
    '🎉',
    'x'.repeat(70),
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ maxLength: 8, unit: 'binary' }),
  fc.string({ maxLength: 4, unit: fc.constantFrom('a', '_', '-', '.', '$', '1') }),
)
// A server's name never holds a dot; that is what makes a key unambiguous.
const refs = fc.array(fc.record({ server: awkward.map((name) => name.replaceAll('.', '')), name: awkward }), {
  maxLength: 40,
})

describe('any set of tools', () => {
  test('has unique, well-formed names', () => {
    fc.assert(
      fc.property(refs, (list) => {
        const names = createNames(list)
        const all = new Map(list.map((ref) => [toolKey(ref), names.of(ref)]))
        expect(new Set([...all.values()].map((own) => own?.exposed)).size).toBe(all.size)
        expect(new Set([...all.values()].map((own) => own?.path)).size).toBe(all.size)
        for (const own of all.values()) {
          expect(own?.exposed).toMatch(/^[A-Za-z0-9_-]{1,64}$/)
          expect(own?.path).toMatch(
            /^tools\.[\p{ID_Start}_][\p{ID_Continue}$]*\.[\p{ID_Start}_][\p{ID_Continue}$]*$/u,
          )
        }
      }),
    )
  })

  test('has names that do not depend on the order', () => {
    fc.assert(
      fc.property(refs, fc.integer(), (list, seed) => {
        const shuffled = list
          .map((ref, at) => ({ ref, rank: Math.sin(seed + at) }))
          .sort((a, b) => a.rank - b.rank)
        const names = createNames(list)
        const other = createNames(shuffled.map(({ ref }) => ref))
        for (const ref of list) expect(other.of(ref)).toEqual(names.of(ref))
      }),
    )
  })

  test('is found by each of its spellings', () => {
    fc.assert(
      fc.property(refs, (list) => {
        const names = createNames(list)
        for (const ref of list) {
          const own = names.of(ref)
          if (own === undefined) throw new Error('every tool has names')
          expect(names.resolve(toolKey(ref))).toEqual(ref)
          expect(names.resolve(own.exposed)).toEqual(ref)
          expect(names.resolvePair(ref.server, ref.name)).toEqual(ref)
          expect(names.resolvePair(own.serverIdentifier, own.toolIdentifier)).toEqual(ref)
          expect(names.resolvePair(ref.server, own.toolIdentifier)).toEqual(ref)
          expect(names.resolvePair(own.serverIdentifier, ref.name)).toEqual(ref)
        }
      }),
    )
  })
})
