import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks('a script has no clock that is finer than its turns', {
  'the ways to ask for the time, while it computes': {
    code: `const ask = [() => Date.now(), () => +new Date(), () => Date(), () => new Date().toISOString(), () => new Date().toTimeString(), () => new Date().getMilliseconds(),
      () => new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3, second: 'numeric' }).format(),
      () => JSON.stringify(new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3, second: 'numeric' }).formatToParts()),
      () => Reflect.construct(Date, []).getTime(), () => new (class extends Date {})().getTime(), () => Reflect.construct(Object.getPrototypeOf(new Date()).constructor, []).getTime()]
    const format = new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3, second: 'numeric' })
    ask.push(() => format.format(), () => format.format(undefined), () => [0].map(() => format.format())[0], () => format.formatToParts(undefined).map(({ value }) => value).join(''))
    const before = ask.map((one) => one())
    for (let n = 0; n < 30_000_000; n++);
    const after = ask.map((one) => one())
    return before.filter((time, n) => time !== after[n])`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[]'),
  },
  'counting turns of the microtask queue': {
    code: 'const before = Date.now()\nfor (let n = 0; n < 100_000; n++) await null\nreturn Date.now() - before',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('0'),
  },
  'what other engines have': {
    code: "return ['performance', 'Temporal', 'Atomics', 'SharedArrayBuffer', 'WeakRef', 'setTimeout'].filter((name) => name in globalThis)",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[]'),
  },
  'the prototypes of what is gone': {
    code: "return [typeof Date.prototype.toTemporalInstant === 'function' ? typeof new Date().toTemporalInstant : 'undefined', Object.getOwnPropertyNames(Date).sort().join()]",
    ends: ['ok'],
    check: ({ text }) => expect(text).toContain('UTC,length,name,now,parse,prototype'),
  },
})
