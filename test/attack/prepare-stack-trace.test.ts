import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

/** The place of a call that does not name its binding is read off a stack. */
const ALIAS = 'const { add } = tools.test;'

attacks('Error.prepareStackTrace gives a script nothing of the bridge', {
  'call sites': {
    code: `${ALIAS} const seen = []
      Error.prepareStackTrace = (error, sites) => {
        for (const site of sites) {
          seen.push([typeof site.getThis(), typeof site.getFunction(), site.getFileName()])
        }
        return 'none'
      }
      await add({ a: 1, b: 2 })
      console.log('x')
      const bridge = seen.filter(([, , file]) => file !== 'script.ts')
      return { bridge: bridge.length > 0, leaks: bridge.filter(([self, fn]) => self !== 'undefined' || fn !== 'undefined') }`,
    ends: ['ok'],
    check: ({ text }) => expect(JSON.parse(text)).toEqual({ bridge: true, leaks: [] }),
  },
  'that throws': {
    code: `${ALIAS} Error.prepareStackTrace = () => { throw new Error('inner') }\nreturn await add({ a: 1, b: 2 })`,
    ends: ['ok', 'script_error'],
  },
  'that never ends': {
    code: `${ALIAS} Error.prepareStackTrace = () => { while (true) {} }\nawait add({ a: 1, b: 2 })`,
    ends: ['script_cpu'],
  },
  'that gives 10 MB of digits': {
    code: `${ALIAS} Error.prepareStackTrace = () => 'script.ts:' + '1'.repeat(10_000_000)\nawait add({ a: 1, b: 2 })\nvoid tools.test.hang()\nreturn 'done'`,
    ends: ['ok', ...OUT_OF_MEMORY],
    check: ({ notes }) => expect(notes.join('').length).toBeLessThan(10_000),
  },
  'that makes calls': {
    code: `${ALIAS} let depth = 0\nError.prepareStackTrace = () => { if (depth++ < 50) void add({ a: 1, b: 2 }); return '' }\nawait add({ a: 1, b: 2 })\nreturn 1`,
    ends: ['ok'],
  },
  stackTraceLimit: {
    code: `${ALIAS} Error.stackTraceLimit = 'many'\nawait add({ a: 1, b: 2 })\nError.stackTraceLimit = 0\nawait add({ a: 1, b: 2 })\nreturn 1`,
    ends: ['ok'],
  },
})
