import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

const NOT_JSON = { ends: ['script_value'] }

attacks('a value that throws, lies or loops while it is written is an error of the script', {
  'a getter that throws': { code: "return { get a() { throw new Error('mine') } }", ...NOT_JSON },
  'a getter that throws nothing': { code: 'return { get a() { throw undefined } }', ...NOT_JSON },
  'a getter that never ends': { code: 'return { get a() { while (true) {} } }', ends: ['script_cpu'] },
  'toJSON that throws': { code: 'return { toJSON() { throw null } }', ...NOT_JSON },
  'toJSON that lies': {
    code: 'return { toJSON: () => ({ code: "ok" }) }',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('{"code":"ok"}'),
  },
  'toJSON that gives nothing': { code: 'return { toJSON() {} }', ...NOT_JSON },
  'a proxy that throws at everything': {
    code: 'return new Proxy({}, { ownKeys() { throw new Error("keys") } })',
    ...NOT_JSON,
  },
  'a proxy with keys without end': {
    code: 'return new Proxy([], { get: (target, key) => (key === "length" ? 2 ** 31 : key === "toJSON" ? undefined : 1) })',
    ends: ['script_limit', 'script_value', ...OUT_OF_MEMORY],
  },
  'a revoked proxy': {
    code: 'const { proxy, revoke } = Proxy.revocable({}, {})\nrevoke()\nreturn { proxy }',
    ...NOT_JSON,
  },
  'a ring': { code: 'const o = {}\no.o = o\nreturn o', ...NOT_JSON },
  'a BigInt': { code: 'return 1n', ...NOT_JSON },
  'a symbol': { code: 'return Symbol()', ...NOT_JSON },
  'a function': { code: 'const f = () => 1\nreturn [f].at(0)', ...NOT_JSON },
  tools: { code: 'return tools', ends: ['ok'] },
  'an error': { code: 'return new Error("x")', ends: ['ok'] },
  'a promise in an object': { code: 'return { p: Promise.resolve(1) }', ends: ['ok'] },
  'raw JSON that is none': { code: 'return JSON.rawJSON("{")', ends: ['script_error'] },
  '__proto__ as a key': {
    code: 'return JSON.parse(\'{"__proto__":{"polluted":true}}\')',
    ends: ['ok'],
    check: () => expect(({} as { polluted?: unknown }).polluted).toBeUndefined(),
  },
})
