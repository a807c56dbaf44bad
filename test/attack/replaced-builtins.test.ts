import { expect } from 'vitest'

import { attacks, type Attack } from './harness.ts'

/** A script that changes the language and then calls, logs and returns: the bridge must not notice. */
function after(sabotage: string): Attack {
  return {
    code: `${sabotage}
const first = await tools.test.echo({ text: 'first' })
const both = await Promise.all([tools.test.echo({ n: 1 }), tools.test.echo({ n: 2 })])
const error = await tools.test.fail({ text: 'no' }).catch((thrown) => thrown)
console.log('logged', 1)
return [first.text, both[0].n, both[1].n, error.name, error.code, error.message]`,
    ends: ['ok'],
    check: ({ text, notes }) => {
      expect(text).toBe('["first",1,2,"ToolError","tool_error","no"]')
      expect(notes).toEqual(['Logs:\nlogged 1'])
    },
  }
}

const setter = (index: number, body: string): string =>
  `Object.defineProperty(Array.prototype, '${index}', { configurable: true, set(value) { ${body}
  Object.defineProperty(this, '${index}', { value, writable: true, enumerable: true, configurable: true }) } })\n`

attacks('built-ins that a script replaces are not the ones that the bridge uses', {
  JSON: after('JSON.stringify = () => { throw 1 }\nJSON.parse = () => { throw 1 }'),
  Map: after("for (const key of ['get', 'set', 'delete', 'forEach']) Map.prototype[key] = () => { throw 1 }"),
  'Function.prototype': after(
    "for (const key of ['call', 'apply', 'bind']) Function.prototype[key] = () => { throw 1 }",
  ),
  'Reflect and Object': after(
    'const { ownKeys } = Reflect\nfor (const o of [Reflect, Object]) for (const key of ownKeys(o)) try { o[key] = () => { throw 1 } } catch {}',
  ),
  'String.prototype': after(
    "for (const key of ['slice', 'charCodeAt', 'indexOf', 'toString']) String.prototype[key] = () => { throw 1 }",
  ),
  'iteration of arrays': after(
    'const original = Array.prototype[Symbol.iterator]\nlet inside = 0\nArray.prototype[Symbol.iterator] = function () { return original.call(this.map((one) => one)) }',
  ),
  'the frozen prototype of errors': after('Object.freeze(Error.prototype)\nObject.freeze(Error)'),
  'Symbol.species of promises': {
    ...after(
      'Object.defineProperty(Promise, Symbol.species, { value: class extends Promise { constructor() { throw 1 } } })',
    ),
    // The combinators of the language ask for it, and fail by themselves.
    ends: ['script_error'],
    check: ({ text }) => expect(text).toContain('The script threw 1'),
  },
  globals: after(
    "for (const key of ['Map', 'String', 'Error', 'TypeError', 'Proxy', 'Symbol', 'JSON', 'Reflect', 'Object']) globalThis[key] = undefined",
  ),
  // An ordinary array would have handed each call to the script after it had been counted.
  'index setters that grow what is sent': after(
    setter(0, "if (value && value.tool) value.args = JSON.stringify({ text: 'x'.repeat(3_000_000) })"),
  ),
  'index setters that drop what is sent': {
    ...after("Object.defineProperty(Array.prototype, '0', { configurable: true, set() {} })"),
    check: ({ text }) => expect(text).toContain('"first"'),
    ends: ['ok', 'script_error'],
  },
  'index setters that turn a call into another message': after(
    [1, 2, 3, 4, 5].map((index) => setter(index, "if (this[0] === 'calls') this[0] = 'done'")).join(''),
  ),
  'toJSON on all arrays and objects': {
    code: "Array.prototype.toJSON = () => 'x'.repeat(5_000_000)\nObject.prototype.toJSON = () => undefined\nvoid tools.test.hang()\nreturn 'plain'",
    ends: ['ok'],
    check: ({ text, notes }) => {
      expect(text).toBe('plain')
      expect(notes.join('')).toContain('test.hang')
    },
  },
  'traps on Object.prototype': after(
    `let handler
for (const trap of ['ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'isExtensible', 'apply', 'construct']) {
  Object.prototype[trap] = function () { handler = this; throw new Error('trapped') }
}
try { Object.keys(tools); Object.getPrototypeOf(tools); 'x' in tools } catch {}
for (const trap of ['ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'isExtensible', 'apply', 'construct']) delete Object.prototype[trap]
if (handler && 'set' in handler) return 'the handler was handed out'`,
  ),
  'accessors on Object.prototype': after(
    `for (const key of ['code', 'tool', 'stack', 'detail', 'retryable', 'message', 'line', 'args', 'server', 'promise', 'resolve', 'place']) {
  Object.defineProperty(Object.prototype, key, { configurable: true, get() { return 'inherited' }, set() { throw new Error('set ' + key) } })
}`,
  ),
  'the classes of the bridge': after(
    `const promise = tools.test.echo({})
const thrown = await tools.test.fail({}).catch((error) => error)
for (const made of [promise, thrown]) {
  const C = made.constructor
  try { Object.setPrototypeOf(C, class { constructor() { throw new Error('stolen') } }) } catch {}
  try { C.prototype.then = () => { throw 1 } } catch {}
}
await promise`,
  ),
})

attacks('promises that a script replaces change its own view and no count', {
  'then, that throws': {
    code: "Promise.prototype.then = function () { throw 1 }\nfor (let n = 0; n < 500; n++) void tools.test.add({ a: 1, b: 1 })\nreturn 'end'",
    ends: ['ok', 'script_error', 'script_stalled'],
    check: (_, { upstream }) => expect(upstream.received()).toBeLessThan(400),
  },
  constructor: after("Promise.prototype.constructor = class { constructor() { throw new Error('stolen') } }"),
  'then, with an honest value': after(
    'const original = Promise.prototype.then\nPromise.prototype.then = function (...args) { return Reflect.apply(original, this, args) }',
  ),
})
