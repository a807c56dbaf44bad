import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a stack that overflows is an error of the script', {
  'a function that calls itself': {
    code: 'const f = (n) => 1 + f(n + 1)\nreturn f(0)',
    ends: ['script_error'],
    check: ({ text }) => expect(text).toContain('Maximum call stack size exceeded at line 1'),
  },
  'caught, over and over': {
    code: 'const f = () => { try { f() } catch { f() } }\nf()',
    ends: ['script_cpu'],
  },
  'through a getter': {
    code: 'const o = { get a() { return this.a } }\nreturn o.a',
    ends: ['script_error'],
  },
  'through a proxy': {
    code: 'let p = {}\nfor (let n = 0; n < 1e6; n++) p = new Proxy(p, {})\nreturn p.x',
    ends: ['script_error', ...OUT_OF_MEMORY],
  },
  'through toJSON': {
    code: 'const o = { toJSON() { return { o } } }\nreturn o',
    ends: ['script_value', 'script_cpu'],
  },
  'through toString': {
    code: 'const o = { toString: () => `${o}` }\nthrow new Error(o)',
    ends: ['script_error'],
  },
  'through a sort': {
    code: 'const f = () => [1, 2].sort(f)\nf()',
    ends: ['script_error', 'script_cpu'],
  },
})
