import { expect } from 'vitest'

import { attacks } from './harness.ts'

const HUNT = `const names = ['i$', 'i$e', 'i$r', 'i$l', 'i$s', 'i$x', 'i$p', 'i$1', 'i$1e', 'i$2', 'i$2e']`

attacks('what is inserted into a script for its lineage cannot be used by it', {
  'the source of a function shows names, and the names give nothing': {
    code: `const f = async () => { await null }
      const names = [...new Set(f.toString().match(/i\\$\\w*/g) ?? [])]
      return [names.length > 3, names.filter((name) => name in globalThis)]`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[true,[]]'),
  },
  'names in the text are left to the script': {
    code: `${HUNT}
      const i$ = 1, i$e = () => 'mine', i$1 = 2
      return [i$, i$e(), i$1, await (async () => await tools.test.add({ a: i$, b: 1 }))()]`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[1,"mine",2,"2"]'),
  },
  'names that are written with escapes': {
    code: `let found = 'nothing'
      try { found = typeof \\u0069$e } catch (error) { found = error.name }
      return [found, await tools.test.add({ a: 1, b: 1 })]`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toMatch(/^\["(undefined|ReferenceError)","2"\]$/),
  },
  'functions of one name with escapes': {
    code: 'const \\u{69}$e = () => { throw new Error("mine") }\nreturn await (async () => await tools.test.add({ a: 1, b: 1 }))()',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('2'),
  },
  'the functions in a stack': {
    code: `const seen = []
      Error.prepareStackTrace = (error, sites) => { for (const site of sites) seen.push(site.getFunction(), site.getThis()); return '' }
      const f = async () => { await null; new Error().stack; await tools.test.add({ a: 1, b: 1 }) }
      await f()
      return seen.some((one) => one !== globalThis && typeof one === 'object' && one !== null || /resume|restore|leave/.test(one?.name))`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('false'),
  },
  'an async function that calls itself until the stack ends': {
    code: `const f = async (n) => { try { return await f(n + 1) } catch { return await tools.test.add({ a: 1, b: 1 }) } finally { void n } }
      try { await f(0) } catch {}
      return await tools.test.add({ a: 1, b: 1 })`,
    ends: ['ok', 'script_cpu', 'script_memory', 'script_error', 'script_killed'],
  },
  'a million activations': {
    code: `const f = async (n) => { await null; return n }
      for (let n = 0; n < 1_000_000; n++) void f(n)
      return await tools.test.add({ a: 1, b: 1 })`,
    ends: ['ok', 'script_cpu', 'script_memory', 'script_killed'],
  },
  'callbacks within callbacks': {
    code: `let p = Promise.resolve(0)
      for (let n = 0; n < 50_000; n++) p = p.then((x) => x + 1)
      return await p`,
    ends: ['ok', 'script_cpu', 'script_memory', 'script_killed'],
  },
  'another then': {
    code: `const native = Promise.prototype.then
      Promise.prototype.then = function (...args) { return native.apply(this, args) }
      const first = await tools.test.add({ a: 1, b: 1 })
      Promise.prototype.then = () => { throw new Error('then') }
      return [first, await tools.test.add({ a: 2, b: 1 })]`,
    ends: ['ok', 'script_error', 'script_stalled'],
  },
  'a generator that is taken along by others': {
    code: `async function* g() { while (true) yield await tools.test.add({ a: 1, b: 1 }) }
      const shared = g()
      const all = await Promise.all(Array.from({ length: 20 }, async () => (await shared.next()).value))
      await shared.return()
      await shared.throw(new Error('late')).catch(() => {})
      return all.length`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('20'),
  },
})
