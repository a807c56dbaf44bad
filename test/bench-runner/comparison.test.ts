import { describe, expect, test } from 'vitest'
import fc from 'fast-check'

import { compareFigures } from '../../bench/compare/comparison.ts'
import type { Figure } from '../../bench/figure.ts'
import { madeUp } from './figures.ts'

function findingOf(before: Figure, after: Figure, isAbsolute = false): string {
  const { changes, regressions } = compareFigures([before], [after], isAbsolute)
  return `${changes[0]?.finding}${regressions.length > 0 ? ', fails' : ''}`
}

describe('what is beyond the noise of both runs', () => {
  test('a regression beyond it fails', () => {
    expect(findingOf(madeUp(1, { spread: 0.03 }), madeUp(1.2, { spread: 0.04 }))).toBe('worse, fails')
  })

  test('the same change within it does not', () => {
    expect(findingOf(madeUp(1, { spread: 0.03 }), madeUp(1.2, { spread: 0.08 }))).toBe('same')
    expect(findingOf(madeUp(1, { spread: 0.08 }), madeUp(1.2, { spread: 0.03 }))).toBe('same')
  })

  test('three times both noises together is the limit', () => {
    const before = madeUp(1, { spread: 0.03 })
    expect(findingOf(before, madeUp(1.14, { spread: 0.04 }))).toBe('same')
    expect(findingOf(before, madeUp(1.16, { spread: 0.04 }))).toBe('worse, fails')
  })

  test('less than 5 % is never one, however quiet it was', () => {
    expect(findingOf(madeUp(100, { unit: 'tokens' }), madeUp(104, { unit: 'tokens' }))).toBe('same')
    expect(findingOf(madeUp(100, { unit: 'tokens' }), madeUp(106, { unit: 'tokens' }))).toBe('worse, fails')
  })

  test('what is better fails nothing', () => {
    expect(findingOf(madeUp(2), madeUp(1))).toBe('better')
  })
})

describe('where higher is better', () => {
  const rate = (value: number): Figure => madeUp(value, { better: 'higher', spread: 0.01 })

  test('less is a regression, more is not', () => {
    expect(findingOf(rate(100), rate(80))).toBe('worse, fails')
    expect(findingOf(rate(80), rate(100))).toBe('better')
  })

  test('nothing left of something is one, however large the noise', () => {
    expect(findingOf(rate(100), madeUp(0, { better: 'higher', spread: 5 }))).toBe('worse, fails')
  })
})

describe('what is judged', () => {
  test('times, rates and memory only when asked', () => {
    for (const unit of ['ms', 'us', 'MB', 'calls/s']) {
      expect(findingOf(madeUp(1, { unit }), madeUp(3, { unit }))).toBe('worse')
      expect(findingOf(madeUp(1, { unit }), madeUp(3, { unit }), true)).toBe('worse, fails')
    }
  })

  test('not what has neither a target nor a direction', () => {
    const told: Figure = { name: 'tools measured', value: 500, unit: 'tools', ok: true }
    expect(findingOf(told, { ...told, value: 900 })).toBe('worse')
    expect(findingOf(told, { ...told, value: 900, target: 1_000 })).toBe('worse, fails')
  })

  test('the first failed call', () => {
    expect(findingOf(madeUp(0, { unit: 'calls' }), madeUp(1, { unit: 'calls' }))).toBe('worse, fails')
  })

  test('percentages in points, not in shares of themselves', () => {
    expect(findingOf(madeUp(0.1, { unit: '%' }), madeUp(0.3, { unit: '%' }))).toBe('same')
    expect(findingOf(madeUp(-3, { unit: 'points' }), madeUp(-1, { unit: 'points' }))).toBe('worse, fails')
  })

  test('no differences below 0, and nothing that was not measured', () => {
    expect(findingOf(madeUp(-0.2, { unit: 'ms' }), madeUp(0.3, { unit: 'ms' }), true)).toBe('untold')
    expect(findingOf(madeUp(1), madeUp(Number.NaN))).toBe('untold')
  })
})

test('figures of one run only are told and fail nothing', () => {
  const { changes, regressions } = compareFigures([madeUp(1, { name: 'old' })], [madeUp(9, { name: 'new' })])
  expect(changes.map(({ name, finding }) => [name, finding])).toEqual([
    ['new', 'new'],
    ['old', 'gone'],
  ])
  expect(regressions).toEqual([])
})

test('a promised figure that is not measured any more is a regression', () => {
  const promised = madeUp(1, { name: 'old', target: 2 })
  expect(compareFigures([promised], []).regressions.map(({ name }) => name)).toEqual(['old'])
  expect(findingOf(promised, { ...promised, value: Number.NaN })).toBe('gone, fails')
})

test('a figure in another unit is another figure', () => {
  expect(findingOf(madeUp(1, { unit: 'x' }), madeUp(900, { unit: 'tokens' }))).toBe('new')
})

test('no run is a regression against itself, and of two that differ at most one is', () => {
  const value = fc.double({ min: 0, max: 1e6, noNaN: true })
  const spread = fc.double({ min: 0, max: 1, noNaN: true })
  const better = fc.constantFrom('lower' as const, 'higher' as const)
  fc.assert(
    fc.property(value, value, spread, spread, better, (a, b, noiseA, noiseB, direction) => {
      const one = madeUp(a, { spread: noiseA, better: direction })
      const other = madeUp(b, { spread: noiseB, better: direction })
      expect(findingOf(one, one)).toBe('same')
      const fails = [findingOf(one, other), findingOf(other, one)].filter((found) => found === 'worse, fails')
      expect(fails.length).toBeLessThanOrEqual(1)
    }),
  )
})
