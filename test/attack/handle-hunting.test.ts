import { expect } from 'vitest'

import { attacks } from './harness.ts'

/** Walks all that can be reached and names what no script may ever hold. */
const HUNT = `
const seen = new Set()
const found = []
const queue = []
const add = (value, path) => {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return
  seen.add(value)
  queue.push([value, path])
}
add(globalThis, 'globalThis')
add(tools, 'tools'); add(tools.test, 'tools.test'); add(tools.test.add, 'tools.test.add')
add(console, 'console'); add(runs, 'runs'); add(ToolError, 'ToolError'); add(tools.$search, 'tools.$search')
const promise = tools.test.add({ a: 1, b: 2 })
add(promise, 'promise')
await promise
add(await tools.test.echo({ o: { a: [] } }), 'result')
add(await tools.test.fail({}).catch((error) => error), 'toolError')
add(await tools.no.tool().catch((error) => error), 'gatewayError')
add(await tools.test.add(1).catch((error) => error), 'argumentError')
for (const use of [() => null.x, () => { throw new Error() }, () => { tools.a = 1 }, () => Function('x'), () => JSON.parse('{'), () => decodeURI('%'), () => new Array(-1), () => (1n).x.y, () => Reflect.construct(1), () => new Intl.Locale('!')]) {
  try { use() } catch (error) { add(error, 'error of ' + use) }
}
try { (function f() { f() })() } catch (error) { add(error, 'overflow') }
Error.prepareStackTrace = (error, sites) => { for (const site of sites) { add(site, 'site'); add(site.getThis(), 'this'); add(site.getFunction(), 'function'); try { add(site.getEvalOrigin(), 'origin') } catch {} } return sites }
add(new Error().stack, 'sites')
await tools.test.add({ a: 1, b: 2 })
console.log(new Error())
Error.prepareStackTrace = undefined
add((function* () {})(), 'generator'); add((async function* () {})(), 'async generator'); add(/x/g.exec('x'), 'match')
add([][Symbol.iterator](), 'iterator'); add(new Intl.NumberFormat(), 'intl')
const names = /^(?!.*(left|right)Context).*(Reference|ExternalCopy|Isolate|Callback|Context|NativeModule|isolated|ivm)/i
while (queue.length > 0) {
  const [value, path] = queue.pop()
  let keys = []
  try { keys = Reflect.ownKeys(value) } catch {}
  for (const key of keys) {
    const at = path + '.' + String(key)
    let descriptor
    try { descriptor = Reflect.getOwnPropertyDescriptor(value, key) } catch {}
    if (descriptor === undefined) continue
    add(descriptor.get, at + ' get'); add(descriptor.set, at + ' set')
    if ('value' in descriptor) add(descriptor.value, at)
    else try { add(value[key], at) } catch {}
  }
  let proto = null
  try { proto = Reflect.getPrototypeOf(value) } catch {}
  add(proto, path + '.__proto__')
  let name = ''
  try { name = typeof value === 'function' ? value.name : (Object.hasOwn(value, 'constructor') ? value.constructor.name : '') } catch {}
  if (typeof name === 'string' && names.test(name) && name !== 'ReferenceError') found.push(path + ': ' + name)
  for (const member of ['applySync', 'applySyncPromise', 'derefInto', 'copyInto', 'createContext', 'transferIn', 'release']) {
    let has = false
    try { has = typeof value[member] === 'function' && value !== tools && value !== tools.test } catch {}
    if (has) found.push(path + ' has ' + member)
  }
}
return { walked: seen.size > 500, found }
`

attacks('no handle of the host can be reached from a script', {
  'a walk over all that is reachable': {
    code: HUNT,
    ends: ['ok'],
    check: ({ text }) => expect(JSON.parse(text)).toEqual({ walked: true, found: [] }),
  },
  'the names of all globals': {
    code: 'return Reflect.ownKeys(globalThis).map(String).filter((name) => !/^[A-Z]/.test(name)).sort()',
    ends: ['ok'],
    check: ({ text }) =>
      expect(JSON.parse(text)).toEqual([
        'console',
        'decodeURI',
        'decodeURIComponent',
        'encodeURI',
        'encodeURIComponent',
        'escape',
        'globalThis',
        'input',
        'isFinite',
        'isNaN',
        'parseFloat',
        'parseInt',
        'runs',
        'tools',
        'undefined',
        'unescape',
      ]),
  },
  'things of Node': {
    code: "return ['process', 'require', 'module', 'Buffer', 'global', 'fetch', 'URL', 'structuredClone', 'performance', 'queueMicrotask', '__isogate', 'ivm', '_ivm'].filter((name) => name in globalThis)",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[]'),
  },
  'the function of the script has no caller': {
    code: 'const f = function () { try { return String(f.caller) + String(arguments.callee.caller) } catch (error) { return error.name } }\nreturn f()',
    ends: ['ok'],
    check: ({ text }) => expect(text).not.toMatch(/jsonStringify|primordials/),
  },
})
