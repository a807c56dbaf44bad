import { expect } from 'vitest'

import { attacks } from './harness.ts'

const THROWN = { ends: ['script_error'] }

attacks('whatever is thrown, the run ends with an error of the script', {
  nothing: { code: 'throw undefined', ...THROWN },
  null: { code: 'throw null', ...THROWN },
  'a number': { code: 'throw 42', ...THROWN },
  'a symbol': { code: "throw Symbol('s')", ...THROWN },
  'a BigInt': { code: 'throw 1n', ...THROWN },
  'a function': { code: 'throw () => 1', ...THROWN },
  'an object without a prototype': { code: 'throw Object.create(null)', ...THROWN },
  'a proxy of an error': { code: "throw new Proxy(new Error('inner'), {})", ...THROWN },
  'a proxy that throws at everything': {
    code: 'throw new Proxy({}, new Proxy({}, { get() { throw new Error("trap") } }))',
    ...THROWN,
  },
  'a revoked proxy': {
    code: 'const { proxy, revoke } = Proxy.revocable(new Error(), {})\nrevoke()\nthrow proxy',
    ...THROWN,
  },
  'an error whose name throws': {
    code: "throw Object.defineProperty(new Error('m'), 'name', { get() { throw 1 } })",
    ...THROWN,
  },
  'an error whose message throws': {
    code: "throw Object.defineProperty(new Error('m'), 'message', { get() { throw 1 } })",
    ...THROWN,
  },
  'an error whose stack throws': {
    code: "throw Object.defineProperty(new Error('m'), 'stack', { get() { throw 1 } })",
    ...THROWN,
  },
  'an error whose stack never ends': {
    code: "throw Object.defineProperty(new Error('m'), 'stack', { get() { while (true) {} } })",
    ends: ['script_cpu'],
  },
  'an error with a message of 10 MB': {
    code: "throw new Error('x'.repeat(10_000_000))",
    ...THROWN,
    check: ({ text }) => expect(text.length).toBeLessThan(10_000),
  },
  'an error whose message is an object': {
    code: "const e = new Error()\ne.message = { toString: () => 'x'.repeat(10_000_000) }\nthrow e",
    ...THROWN,
    check: ({ text }) => expect(text.length).toBeLessThan(10_000),
  },
  'an error that claims to be of a tool': {
    code: "const e = new Error('no')\ne.tool = 'x'.repeat(1_000_000)\ne.code = 'internal'\nthrow e",
    ...THROWN,
    check: ({ text }) => expect(text.length).toBeLessThan(10_000),
  },
  'an error with an instance check that throws': {
    code: "Object.defineProperty(Error, Symbol.hasInstance, { value() { throw 1 } })\nthrow new Error('m')",
    ...THROWN,
  },
  'an AggregateError of a thousand': {
    code: "throw new AggregateError(Array.from({ length: 1_000 }, () => new Error('e')), 'many')",
    ...THROWN,
  },
  'a rejection that nobody handles': {
    code: "void Promise.reject(new Error('lost'))\nreturn 1",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('1'),
  },
})
