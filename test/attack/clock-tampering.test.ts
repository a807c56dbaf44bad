import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks('a script that replaces clock and chance deceives nobody but itself', {
  'other functions in their place': {
    code: `Date.now = () => { throw new Error('now') }
      Math.random = () => 7
      globalThis.Date = class { constructor() { throw new Error('date') } }
      Intl.DateTimeFormat.prototype.format = 1
      return await tools.test.add({ a: 1, b: 2 })`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('3'),
  },
  'the arithmetic below them': {
    code: `Math.imul = () => 0; Math.floor = () => 0; Number.prototype.toString = () => 'x'; Map.prototype.get = () => 1; Map.prototype.set = () => { throw 1 }
      const all = await Promise.all([1, 2, 3].map(async (n) => { await null; return tools.test.add({ a: n, b: 1 }) }))
      return [all, new Set(Array.from({ length: 100 }, Math.random)).size]`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[["2","3","4"],100]'),
  },
  'getters on what a date is read by': {
    code: `Object.defineProperty(Date.prototype, Symbol.toPrimitive, { get() { throw new Error('primitive') } })
      Date.prototype.valueOf = Date.prototype.toJSON = () => { throw new Error('value') }
      return await tools.test.echo({ at: 'now' })`,
    ends: ['ok'],
  },
  'chance that is asked without end': {
    code: 'while (true) Math.random()',
    ends: ['script_cpu'],
  },
})
