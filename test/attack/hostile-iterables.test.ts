import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('what pretends to be a list harms nobody but its maker', {
  'Promise.all over an endless list': {
    code: 'await Promise.all({ *[Symbol.iterator]() { while (true) yield tools.test.add({ a: 1, b: 1 }) } })',
    ends: OUT_OF_MEMORY,
    check: (_, { upstream }) => expect(upstream.received()).toBeLessThan(400),
  },
  'Promise.race over calls that never end': {
    code: 'return await Promise.race([tools.test.hang(), tools.test.hang(), tools.test.add({ a: 1, b: 1 })])',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('2'),
  },
  'an argument that iterates for ever': {
    code: 'return await tools.test.echo({ list: { length: 1e9, *[Symbol.iterator]() { while (true) yield 1 } } })',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('{"list":{"length":1000000000}}'),
  },
  'arguments whose keys never end': {
    code: 'await tools.test.echo(new Proxy({}, { ownKeys: () => { while (true) {} } }))',
    ends: ['script_cpu'],
  },
  'arguments that change while they are read': {
    code: "let n = 0\nconst args = { get a() { return n++ === 0 ? 1 : 'x'.repeat(3_000_000) } }\nreturn await tools.test.echo(args).catch((error) => error.code)",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('script_limit'),
  },
})
