import { expect, test } from 'vitest'

import { planOf } from '../../../src/scripts/run/effects.ts'
import type { MadeCall } from '../../../src/scripts/run/calls/made-calls.ts'

const call = (key: string, args: MadeCall['args']): MadeCall => ({
  tool: 's.t',
  args,
  outcome: 'simulated',
  isReadOnly: false,
  key,
  wave: 1,
})

test('the hash depends on the calls and not on the order in which they were made', () => {
  const [one, two] = [call('a', { x: 1, y: 2 }), call('b', { x: 2 })]
  const plan = planOf('code', [one, two])
  expect(plan.effects).toEqual([
    { tool: 's.t', args: { x: 1, y: 2 } },
    { tool: 's.t', args: { x: 2 } },
  ])
  expect(planOf('code', [two, one]).hash).toBe(plan.hash)
  expect(planOf('code', [two, one]).effects).toEqual(plan.effects.toReversed())
  expect(planOf('code', [call('a', { y: 2, x: 1 }), two]).hash).toBe(plan.hash)
})

test('another argument, tool, number of calls or script is another plan', () => {
  const base = planOf('code', [call('a', { x: 1 })]).hash
  const others = [
    planOf('code', [call('a', { x: 2 })]),
    planOf('code', [{ ...call('a', { x: 1 }), tool: 's.u' }]),
    planOf('code', [call('a', { x: 1 }), call('b', { x: 1 })]),
    planOf('code ', [call('a', { x: 1 })]),
    planOf('code', []),
  ].map(({ hash }) => hash)
  expect(new Set([base, ...others]).size).toBe(6)
})

test('calls that were really made are no effects of the plan', () => {
  expect(planOf('code', [{ ...call('a', {}), outcome: 'ok' }]).effects).toEqual([])
})
