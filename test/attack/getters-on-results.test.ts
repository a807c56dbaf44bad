import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks('getters and setters about results call nothing of the bridge', {
  'setters for the members of a result': {
    code: `let set = 0
      for (const name of ['a', 'b', 'content', 'value', 'ok', 'code', 'message', 'id', '0', '1', '2']) Object.defineProperty(Object.prototype, name, { __proto__: null, configurable: true, get() { return undefined }, set() { set++ } })
      const result = await tools.test.echo({ x: { a: 1, b: [2] } })
      for (const name of ['a', 'b', 'content', 'value', 'ok', 'code', 'message', 'id', '0', '1', '2']) delete Object.prototype[name]
      return [set, result]`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[0,{"x":{"a":1,"b":[2]}}]'),
  },
  'getters on a result that is handed on': {
    code: `const result = await tools.test.echo({ n: 1 })
      let asked = 0
      Object.defineProperty(result, 'n', { enumerable: true, get() { asked++; return asked > 5 ? this : asked } })
      const again = await tools.test.echo(result)
      return typeof again.n`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('number'),
  },
  'a getter that makes calls while arguments are written': {
    code: `const inner = []
      const args = { get a() { if (inner.length < 5) inner.push(tools.test.echo({ get b() { inner.push(tools.test.add({ a: 1, b: 1 })); return 2 } })); return 1 } }
      const outer = await tools.test.echo(args)
      return [outer, (await Promise.all(inner)).length]`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toMatch(/^\[\{"a":1\},\d+\]$/),
  },
  'a getter that throws in the value': {
    code: "return { get a() { throw new Error('no') } }",
    ends: ['script_value'],
  },
  'a getter without end in the value': {
    code: 'const deeper = () => ({ get a() { return deeper() } })\nreturn deeper()',
    ends: ['script_value', 'script_cpu', 'script_memory', 'script_killed'],
  },
  'toJSON on everything': {
    code: `Object.prototype.toJSON = String.prototype.toJSON = Array.prototype.toJSON = function () { return 'forged' }
      const result = await tools.test.echo({ a: 1 }).catch((error) => error.code)
      delete Object.prototype.toJSON; delete String.prototype.toJSON; delete Array.prototype.toJSON
      return [result, await tools.test.add({ a: 1, b: 1 })]`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toContain('"2"]'),
  },
})
