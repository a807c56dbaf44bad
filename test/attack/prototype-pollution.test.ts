import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks('a prototype that a script pollutes is its own', {
  'through arguments': {
    code: 'const args = JSON.parse(\'{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}\')\nreturn await tools.test.echo(args)',
    ends: ['ok'],
    check: ({ text }) => {
      expect(({} as { admin?: unknown }).admin).toBeUndefined()
      expect(text).toContain('"__proto__"')
    },
  },
  'through the value': {
    code: 'return JSON.parse(\'{"__proto__":{"admin":true}}\')',
    ends: ['ok'],
    check: () => expect(({} as { admin?: unknown }).admin).toBeUndefined(),
  },
  'through names': {
    code: "const codes = []\nfor (const server of ['__proto__', 'constructor', 'hasOwnProperty', 'prototype']) for (const tool of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) { try { codes.push(await tools[server][tool]({}).then(() => 'RAN', (error) => error.code)) } catch (error) { codes.push(error.name) } }\nreturn [...new Set(codes)].sort()",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('["TypeError","unknown_tool"]'),
  },
  'in the isolate': {
    code: 'Object.prototype.polluted = 1\nArray.prototype.polluted = 1\nreturn ({}).polluted',
    ends: ['ok'],
  },
  'is not there for the next script': {
    code: 'return [({}).polluted ?? null, [].polluted ?? null]',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[null,null]'),
  },
})
