import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks('nothing can be imported', {
  'import()': { code: "await import('node:fs')", ends: ['script_error'] },
  'import() of a data URL': {
    code: "await import('data:text/javascript,export default 1')",
    ends: ['script_error'],
  },
  'import() in a loop': {
    code: "for (let n = 0; n < 1_000; n++) await import('./x' + n).catch(() => 1)\nreturn 'done'",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('done'),
  },
  'import() with attributes': {
    code: "await import('./x', { with: { get type() { throw 1 } } })",
    ends: ['script_error', 'script_syntax'],
  },
  'import.meta': { code: 'const a = 1\nreturn import.meta.url', ends: ['script_syntax'] },
  'import statement': {
    code: "const a = 1\nimport fs from 'node:fs'\nreturn fs",
    ends: ['script_syntax'],
    check: ({ text }) => {
      expect(text).toContain('A script cannot import anything')
      expect(text).toContain('at line 2')
    },
  },
  require: { code: "require('fs')", ends: ['script_error'] },
})
