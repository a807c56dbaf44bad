import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readTokens } from '../../../../src/scripts/check/script/tokens.ts'

const texts = (code: string): string[] => readTokens(code).list.map(({ kind, text }) => `${kind[0]}:${text}`)

describe('tokens', () => {
  it('tells names, texts, numbers and marks apart', () => {
    expect(texts("const a = tools?.b['c-d'](1.5e3) // tools.x\n/* tools.y */ a ?? $b")).toEqual(
      'n:const n:a p:= n:tools p:?. n:b p:[ s:c-d p:] p:( n:1.5e3 p:) n:a p:? p:? n:$b'.split(' '),
    )
  })

  it('tells a regular expression from a division', () => {
    expect(texts('a / b / c')).not.toContain('r:/ b /')
    expect(texts('return /[/"]\\//.test(x)')).toEqual([
      'n:return',
      'r:/[/"]\\//',
      'p:.',
      'n:test',
      'p:(',
      'n:x',
      'p:)',
    ])
  })

  it('reads what stands in template literals', () => {
    expect(texts('`a ${tools.b({ c: `${d}` })} e` + f')).toEqual(
      [
        't:a ',
        'p:${',
        'n:tools',
        'p:.',
        'n:b',
        'p:(',
        'p:{',
        'n:c',
        'p::',
        't:',
        'p:${',
        'n:d',
        'p:}',
        't:',
      ].concat(['p:}', 'p:)', 'p:}', 't: e', 'p:+', 'n:f']),
    )
  })

  it('finds the partner of each bracket', () => {
    const { list, partner } = readTokens('f({ a: [1, `${b}`] }))')
    for (const [from, to] of partner) {
      expect(partner.get(to)).toBe(from)
      expect(`${list[Math.min(from, to)]?.text} ${list[Math.max(from, to)]?.text}`).toMatch(
        /^(\( \)|\[ \]|\$?\{ \})$/,
      )
    }
    expect(partner.size).toBe(8)
  })

  it('covers any text once, in order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (code) => {
        let at = 0
        for (const { start, end } of readTokens(code).list) {
          expect(start).toBeGreaterThanOrEqual(at)
          expect(end).toBeGreaterThanOrEqual(start)
          at = end
        }
        expect(at).toBeLessThanOrEqual(code.length)
      }),
    )
  })

  it('takes time that grows with the text only, whatever it holds', () => {
    const fastest = (part: string, chars: number): number => {
      const code = part.repeat(chars / part.length)
      const times = Array.from({ length: 3 }, () => {
        const startMs = performance.now()
        readTokens(code)
        return performance.now() - startMs
      })
      return Math.min(...times)
    }
    for (const part of ['/[', '/a', '"', '`${', '(', '/*', '\\', '1.', "'\\"]) {
      // A quadratic reader would take sixteen times as long; the rest is for the noise of the machine.
      expect(fastest(part, 65_536)).toBeLessThan(12 * fastest(part, 16_384) + 40)
    }
  })
})
