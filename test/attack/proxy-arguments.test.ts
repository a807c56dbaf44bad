import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks('proxies as arguments are read like objects, or are an error of the call', {
  'each trap that throws': {
    code: `const ends = []
      for (const trap of ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf', 'set', 'defineProperty']) {
        ends.push(await tools.test.echo(new Proxy({ a: 1 }, { [trap]() { throw new Error(trap) } })).then(() => 'ok', (error) => error.code))
      }
      return [ends.every((end) => ['ok', 'invalid_arguments'].includes(end)) ? 'told' : ends, await tools.test.add({ a: 1, b: 1 })]`,
    ends: ['ok', 'script_error'],
  },
  'a revoked one': {
    code: `const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return await Promise.resolve().then(() => tools.test.echo(proxy)).then(() => 'ok', (error) => error.name)`,
    ends: ['ok'],
    check: ({ text }) => expect(['ToolError', 'TypeError']).toContain(text),
  },
  'one with a million keys': {
    code: `const keys = Array.from({ length: 1_000_000 }, (_, n) => 'k' + n)
      return await tools.test.echo(new Proxy({}, { ownKeys: () => keys, getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: () => 1 })).then(() => 'ok', (error) => error.code)`,
    ends: ['ok', 'script_cpu', 'script_memory', 'script_killed', 'script_error'],
  },
  'one that is deeper each time': {
    code: 'const deep = () => new Proxy({}, { ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }), get: (_, name) => name === "a" ? deep() : undefined })\nreturn await tools.test.echo(deep()).then(() => "ok", (error) => error.code)',
    ends: ['ok', 'script_cpu', 'script_memory', 'script_killed'],
    check: ({ code, text }) => expect(code === 'ok' ? text : 'invalid_arguments').toBe('invalid_arguments'),
  },
  'one that is another thing at each look': {
    code: `let looks = 0
      const args = new Proxy({}, { ownKeys: () => ['a'], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: (_, name) => name === 'a' ? (looks++ % 2 ? Promise.resolve(1) : looks) : undefined })
      return typeof (await tools.test.echo(args).catch((error) => error.code))`,
    ends: ['ok'],
  },
  'one as a name': {
    code: `const name = new Proxy({}, { get: (_, key) => key === Symbol.toPrimitive ? () => 'add' : undefined })
      return await tools.test[name]({ a: 1, b: 1 })`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('2'),
  },
  'one as the value': {
    code: 'return new Proxy({ a: 1 }, { ownKeys: () => { throw new Error("no") } })',
    ends: ['script_value'],
  },
  'one as what is thrown': {
    code: 'throw new Proxy(new Error("x"), { get() { throw new Error("get") }, getPrototypeOf() { throw new Error("proto") } })',
    ends: ['script_error'],
  },
})
