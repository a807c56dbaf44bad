import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a resizable ArrayBuffer cannot be made, and large ones end by a limit', {
  grown: {
    code: 'const b = new ArrayBuffer(8, { maxByteLength: 2 ** 32 })\nb.resize(2 ** 31)\nnew Uint8Array(b).fill(1)',
    ends: ['script_error'],
  },
  'grown through a typed array': {
    code: 'const { buffer } = new Uint8Array(8)\nconst B = buffer.constructor\nconst b = new B(8, { maxByteLength: 2 ** 32 })\nreturn b.resizable',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('false'),
  },
  'grown through a subclass': {
    code: 'class B extends ArrayBuffer {}\nreturn new B(8, { maxByteLength: 2 ** 32 }).resizable',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('false'),
  },
  'grown through Reflect.construct': {
    code: 'return Reflect.construct(ArrayBuffer, [8, { maxByteLength: 2 ** 32 }]).resizable',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('false'),
  },
  'transferred to more': {
    code: 'const keep = []\nfor (let n = 0; ; n++) keep.push(new ArrayBuffer(8).transfer(2 ** 28))',
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
})
