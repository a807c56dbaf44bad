import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks('thenables call nothing by accident', {
  'await tools': { code: 'await tools\nreturn 1', ends: ['ok'] },
  'await tools.server': { code: 'await tools.test\nreturn 1', ends: ['ok'] },
  'await a binding': { code: 'await tools.test.add\nreturn 1', ends: ['ok'] },
  'no call was made': {
    code: 'await tools.then?.x; await tools.test.then; return [typeof tools.then, typeof tools.test.then, `${typeof tools.toJSON}`]',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('["undefined","undefined","undefined"]'),
  },
  'a thenable as the value': {
    code: 'return { then(resolve) { resolve({ then(again) { again(7) } }) } }',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('7'),
  },
  'a thenable that resolves with itself': {
    code: 'const t = { then(resolve) { resolve(t) } }\nreturn t',
    ends: ['script_cpu', 'script_memory', 'script_killed'],
  },
  'a thenable that calls back twice': {
    code: 'return { then(resolve, reject) { resolve(1); reject(2); resolve(3) } }',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('1'),
  },
  'a promise as arguments': {
    code: 'await tools.test.echo(Promise.resolve({}))',
    ends: ['script_error'],
    check: ({ text }) => expect(text).toContain('The arguments are a promise; await it first.'),
  },
  'a promise as an argument': {
    code: 'await tools.test.echo({ a: tools.test.add({ a: 1, b: 1 }) })',
    ends: ['script_error'],
    check: ({ text }) => expect(text).toContain('The argument `a` is a promise; await it first.'),
  },
  'a thenable as an argument': {
    code: 'return await tools.test.echo({ a: { then() { throw 1 }, b: 1 } })',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('{"a":{"b":1}}'),
  },
  'a result that has then as data': {
    code: 'const result = await tools.test.thenable()\nreturn result.then',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('text'),
  },
  'a result with __proto__ as data': {
    code: 'const result = await tools.test.proto()\nreturn [({}).polluted === undefined, Object.keys(result)]',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[true,["__proto__"]]'),
  },
})
