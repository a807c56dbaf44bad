import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a huge thing in the console is cut to a line', {
  'a line of 100 MB': {
    code: "console.log('x'.repeat(100_000_000))\nreturn 'done'",
    ends: ['ok', ...OUT_OF_MEMORY],
    check: ({ notes }) => expect(notes.join('').length).toBeLessThan(90_000),
  },
  'a line of 10 MB': {
    code: "console.log('x'.repeat(10_000_000))\nreturn 'done'",
    ends: ['ok'],
    check: ({ notes }) => expect(notes.join('').length).toBeLessThan(20_000),
  },
  'an object of 10,000 keys': {
    code: 'console.log(Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`key${n}`, n])))\nreturn 1',
    ends: ['ok'],
    check: ({ notes }) => expect(notes.join('').length).toBeLessThan(20_000),
  },
  'a ring': { code: 'const o = {}\no.o = o\nconsole.log(o)\nreturn 1', ends: ['ok'] },
  'a huge BigInt': { code: 'console.log(1n << 1_000_000n)\nreturn 1', ends: ['ok', ...OUT_OF_MEMORY] },
  'a function with a huge name': {
    code: "const f = { ['x'.repeat(1_000_000)]() {} }\nconsole.log(Object.values(f)[0], f)\nreturn 1",
    ends: ['ok'],
    check: ({ notes }) => expect(notes.join('').length).toBeLessThan(20_000),
  },
})
