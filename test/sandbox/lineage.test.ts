import { runInThisContext } from 'node:vm'

import { describe, expect, test } from 'vitest'

import { prepareScript } from '../../sandbox/cell/script/prepare.ts'
import * as lineage from '../../sandbox/guest/lineage.ts'

type Make = (...functions: unknown[]) => () => Promise<unknown>

/** Runs a script here, with what is inserted or without. Its calls of `key()` give the keys that calls would have there. */
async function run(submitted: string, isInstrumented: boolean): Promise<unknown> {
  const { source } = prepareScript(submitted, false, isInstrumented)
  const globals = '(key, later, inherit, tools, console, input)'
  const make = runInThisContext(`${globals} => ${source}`) as (...values: unknown[]) => Make
  lineage.resetLineage()
  const tools = { s: { t: (value: unknown) => Promise.resolve(value ?? 'none') } }
  const { enter, resume, leave, restore, exit, place } = lineage
  const script = make(key, later, lineage.inherit, tools, {}, undefined)
  return script(enter, resume, leave, restore, exit, place)()
}

const key = (): string => lineage.nextKey({ line: 1, column: 1, isWritten: true })

/** Waits for so many turns of the microtask queue. */
async function later<Value>(turns: number, value: Value): Promise<Value> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve()
  return value
}

describe('what is inserted changes nothing else', () => {
  test.for([
    ['an await', 'return (await later(1, 2)) + (await later(2, 3)) * 2'],
    ['an await in parentheses', 'return await (later(1, [1, 2])).then((list) => list.length)'],
    ['awaits in awaits', 'return await later(await later(1, 1), await later(2, [await later(1, 3)]))'],
    ['an await at the start of a line', 'const a = 1\nawait later(1, 1)\nreturn a'],
    ['awaits without semicolons', 'let a = 1\na = a + await later(1, 1)\nawait later(1, 1)\nreturn a'],
    ['an await in a template', 'return `${await later(1, 1)}-${`${await later(1, 2)}`}`'],
    ['an await in a condition', 'return (await later(1, false)) ? 1 : await later(1, 2)'],
    ['an await with a member', 'return (await later(1, { a: { b: 3 } })).a?.b'],
    ['an async arrow', 'return await (async () => 5)()'],
    ['an async arrow that gives an object', 'return await (async () => ({ a: await later(1, 5) }))()'],
    ['an async arrow over lines', 'const f = async (a) =>\n  // a comment\n  a\n    + 1\nreturn await f(2)'],
    [
      'arrows in arrows',
      'return await (async (a) => async (b) => a + (await later(1, b)))(1).then((f) => f(2))',
    ],
    ['an empty function', 'return [await (async () => {})(), await (async function () {})()]'],
    [
      'parameters with defaults',
      'const f = async (a, b = async () => await later(1, a)) => await b()\nreturn await f(4)',
    ],
    ['arguments', 'return await (async function () { await null; return arguments.length })(1, 2, 3)'],
    ['this and methods', 'return await ({ a: 3, async f() { await null; return this.a } }).f()'],
    [
      'classes',
      "class A { async f() { await null; return 'f' } static async g() { return 'g' } #h = async () => 'h'; async i() { return this.#h() } }\nclass B extends A { async f() { return 'B' + await super.f() } }\nreturn [await new B().f(), await B.g(), await new B().i()]",
    ],
    ['strict functions', "async function f() { 'use strict'; return this === undefined }\nreturn await f()"],
    [
      'a strict directive without a semicolon',
      "async function f() { 'use strict'\nreturn this }\nreturn (await f()) === undefined",
    ],
    ['a strict script', "'use strict'\nreturn (function () { return this })() === undefined"],
    ['a text as a script', "'use strict'"],
    [
      'functions that are declared later',
      'return await f()\nasync function f() { return g(); function g() { return 6 } }',
    ],
    [
      'variables of a function',
      'async function f(a) { var a; await null; { var b = a } return b }\nreturn await f(3)',
    ],
    [
      'what is thrown',
      'try { await (async () => { await null; throw 7 })() } catch (error) { return error }',
    ],
    [
      'a return in try and finally',
      "const log = []\nconst f = async () => { try { return await later(1, 'a') } finally { log.push(await later(1, 'b')) } }\nreturn [await f(), log]",
    ],
    ['a catch without a binding', 'try { await Promise.reject(1) } catch { return await later(1, 2) }'],
    ['a catch that takes apart', 'try { await Promise.reject({ a: 1 }) } catch ({ a }) { return a }'],
    ['generators', 'function* g() { yield 1; return 2 }\nreturn [...g()]'],
    [
      'async generators',
      'async function* g() { const a = yield 1; yield a; yield* [3, 4]; yield await later(1, 5); yield\nreturn 6 }\nconst i = g()\nconst list = [await i.next(), await i.next(9)]\nfor await (const x of i) list.push(x)\nreturn list',
    ],
    [
      'a generator that ends early',
      'const log = []\nasync function* g() { try { yield 1; yield 2 } finally { log.push(await later(1, 3)) } }\nfor await (const x of g()) { log.push(x); break }\nreturn log',
    ],
    ['for await without braces', 'let sum = 0\nfor await (const x of [later(1, 1), 2]) sum += x\nreturn sum'],
    [
      'for await after if',
      'let sum = 0\nif (sum === 0) for await (const x of [1, 2]) sum += x\nelse sum = 9\nreturn sum',
    ],
    [
      'labels',
      'const list = []\nouter: for await (const a of [1, 2, 3]) { inner: for await (const b of [1, 2, 3]) { if (b === 2) continue outer; if (a === 3) break outer; list.push(a * 10 + b) } }\nreturn list',
    ],
    [
      'loops',
      'let n = 0\nwhile (await later(1, n < 3)) n++\ndo n++; while (await later(1, n < 6))\nfor (let i = await later(1, 0); i < await later(1, 2); i++) n += i\nfor (const x of await later(1, [1])) n += x\nreturn n',
    ],
    ['a switch', 'switch (await later(1, 2)) { case await later(1, 2): return await later(1, 8) }'],
    ['optional calls', 'const a = { f: async (x) => x }\nreturn [await a.f?.(1), await a.g?.(2)]'],
    ['spread and computed names', "return { [await later(1, 'a')]: [...(await later(1, [1, 2]))] }"],
    [
      'delete, typeof and void',
      'return [typeof await later(1, 1), void (await 1), !await later(1, 0), -await later(1, 2)]',
    ],
    [
      'calls of bindings',
      "return [await tools.s.t(1), await tools['s']['t']( /* nothing */ ), await tools.s?.t?.({ a: await tools.s.t(2) }), await tools.s.t(...[3]), await tools.s.t(4, 5)]",
    ],
    ['async arrows as arguments of bindings', 'return typeof await tools.s.t(async () => 1)'],
    ['names that look inserted', 'const i$ = 1, i$e = 2, i$1 = 3\nreturn await later(1, i$ + i$e + i$1)'],
    ['names with escapes', 'const \\u0069$ = 4\nreturn await later(1, \\u0069$)'],
    [
      'a method called async or await',
      "const o = { async() { return 'a' }, await: 1, get yield() { return 'y' } }\nreturn [o.async(), o.await, o.yield]",
    ],
    ['a text with these words', "return 'async await yield tools.s.t()'"],
  ] as const)('%s', async ([, code]) => {
    expect(await run(code, true)).toEqual(await run(code, false))
  })
})

describe('keys', () => {
  /** The keys that are made in two lambdas, of which the one or the other is slower. */
  const keysOf = async (body: string, slow: number): Promise<unknown> =>
    run(
      `const helper = () => key()
const list = []
class Client { constructor(n) { this.n = n } async fetch() { await later(this.n, 1); return key() } }
await Promise.all([0, 1].map(async (n) => {
  const wait = n === ${slow} ? 20 : 1
  const keys = []
  ${body}
  list[n] = keys
}))
return list`,
      true,
    )

  test.for([
    ['after a wait', 'await later(wait, 1); keys.push(key()); await later(wait, 1); keys.push(key())'],
    ['of a helper', 'await later(wait, 1); keys.push(helper())'],
    [
      'of an arrow without braces',
      'const f = async (x) => [await later(wait, x), key()]; keys.push((await f(1))[1], (await f(2))[1])',
    ],
    ['of methods', 'keys.push(await new Client(wait).fetch(), await new Client(wait).fetch())'],
    [
      'after an error',
      'try { await later(wait, 1); await Promise.reject(1) } catch { keys.push(key()) } finally { keys.push(key()) }',
    ],
    [
      'after an error of a callee',
      'const f = async () => { await later(wait, 1); throw 1 }\ntry { await f() } catch { keys.push(key()) }',
    ],
    ['in callbacks', 'await later(wait, 1); await later(wait, 1).then(inherit(() => keys.push(key())))'],
    [
      'in generators',
      'async function* g() { await later(wait, 1); yield key(); await later(wait, 1); yield key() }\nfor await (const x of g()) { keys.push(x); await later(wait, 1); keys.push(key()) }\nkeys.push(key())',
    ],
    [
      'in sync generators',
      'function* g() { yield key(); yield key() }\nawait later(wait, 1)\nfor (const x of g()) { keys.push(x); await later(wait, 1) }',
    ],
    [
      'of nested parallels',
      'keys.push(...(await Promise.all([1, 2].map(async (x) => { await later(wait * x, 1); return key() }))))',
    ],
    [
      'of a recursion',
      'const f = async (x) => { await later(wait, 1); keys.push(key()); if (x > 0) await f(x - 1) }\nawait f(3)',
    ],
    [
      'after a call that nobody waits for',
      'const f = async () => { await later(wait, 1); return key() }\nconst p = f()\nkeys.push(key())\nkeys.push(await p)',
    ],
  ] as const)('%s do not depend on who is faster, and all differ', async ([, body]) => {
    const [first, second] = [await keysOf(body, 0), await keysOf(body, 1)]
    expect(second).toEqual(first)
    const all = (first as string[][]).flat()
    expect(all.length).toBeGreaterThan(1)
    expect(new Set(all).size).toBe(all.length)
    // A text, a number of 53 bits, and where two meet the count.
    for (const one of all) expect(one).toMatch(/^[0-9a-z]{1,11}$/)
  })

  test('of 100,000 calls at one place all differ', () => {
    lineage.resetLineage()
    const keys = new Set<string>()
    for (let n = 0; n < 100_000; n++) keys.add(key())
    expect(keys.size).toBe(100_000)
  })
})
