import { expect } from 'vitest'

import { attacks } from './harness.ts'

attacks('what reaches beyond computing is gone', {
  'the names': {
    code: "return ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry', 'eval'].filter((name) => name in globalThis || typeof globalThis[name] !== 'undefined')",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[]'),
  },
  'their instances': {
    code: 'return typeof new Uint8Array(8).buffer.growable + typeof Object.getPrototypeOf(Int32Array).constructor',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('undefinedfunction'),
  },
  'Array.fromAsync and iterator helpers make no new way': {
    code: 'return (await Array.fromAsync([tools.test.add({ a: 1, b: 2 })]))[0]',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('3'),
  },
})
