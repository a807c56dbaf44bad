import { expect, test } from 'vitest'

import { combineRounds } from '../../bench/compare/rounds.ts'
import { detailedFigure, figure, figureOfRounds } from '../../bench/figure.ts'
import { madeUp } from './figures.ts'

test('rounds give their median, and what they differ by as its noise', () => {
  const rounds = [10, 11, 9, 10, 50].map((value) => [madeUp(value)])
  expect(combineRounds(rounds)).toEqual([madeUp(10, { spread: 0.1 })])
})

test('one slow round of five is not noise', () => {
  expect(figureOfRounds('cost', [1, 1, 1, 1, 9], 'x')).toMatchObject({ value: 1, spread: 0 })
})

test('noise that a round measured itself counts where it is more', () => {
  const rounds = [madeUp(10, { spread: 0.2 }), madeUp(10, { spread: 0.3 }), madeUp(10, { spread: 0.4 })]
  expect(combineRounds(rounds.map((one) => [one]))[0]?.spread).toBe(0.3)
})

test('a single round stays as it is', () => {
  const figures = [madeUp(3), figure('other', 1, 'ms')]
  expect(combineRounds([figures])).toEqual(figures)
})

test('a figure that a round did not give is left out', () => {
  expect(combineRounds([[madeUp(1), figure('rare', 1, 'ms')], [madeUp(1)]]).map(({ name }) => name)).toEqual([
    'cost',
  ])
})

test('the median decides whether the target is met', () => {
  const rounds = (values: readonly number[]) =>
    combineRounds(values.map((value) => [figure('cost', value, 'x', 1.5)]))
  expect(rounds([1, 1.4, 9])[0]?.ok).toBe(true)
  expect(rounds([1, 1.6, 9])[0]?.ok).toBe(false)
})

test('a target is the largest good value, or the smallest where higher is better', () => {
  expect(figure('cost', 2, 'x', 1).ok).toBe(false)
  expect(detailedFigure('rate', 2, 'x', { target: 1, better: 'higher' }).ok).toBe(true)
  expect(detailedFigure('rate', 0.5, 'x', { target: 1, better: 'higher' }).ok).toBe(false)
})
