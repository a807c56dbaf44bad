import { expect, test } from 'vitest'

import type { Layer } from '../../src/core/call.ts'
import { textResult } from '../../src/core/result.ts'
import { compose } from '../../src/policy/compose.ts'
import { callOf } from './call-of.ts'

test('the first layer is the outermost, and each is made once', async () => {
  const steps: string[] = []
  let made = 0
  const named =
    (name: string): Layer =>
    (next) => {
      made += 1
      return async (call) => {
        steps.push(`into ${name}`)
        try {
          return await next(call)
        } finally {
          steps.push(`out of ${name}`)
        }
      }
    }
  const handler = compose([named('a'), named('b')], async () => textResult('done'))
  await handler(callOf('alpha.read'))
  await handler(callOf('alpha.read'))
  expect(made).toBe(2)
  expect(steps.slice(0, 4)).toEqual(['into a', 'into b', 'out of b', 'out of a'])
})

test('without layers there is only the inner handler', () => {
  const inner = (): Promise<never> => Promise.reject(new Error('not called'))
  expect(compose([], inner)).toBe(inner)
})
