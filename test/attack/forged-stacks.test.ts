import { expect } from 'vitest'

import { attacks } from './harness.ts'

const ENDS = { ends: ['script_error'] }

attacks('a stack is text of the script: a forged one misleads nobody but its maker', {
  'a place that is not there': {
    code: "const e = new Error('m')\ne.stack = 'at script.ts:999999:1'\nthrow e",
    ...ENDS,
  },
  'a number that is none': {
    code: "const e = new Error('m')\ne.stack = 'at script.ts:' + '9'.repeat(400) + ':1'\nthrow e",
    ...ENDS,
    check: ({ text }) => expect(text).not.toMatch(/Infinity|e\+/),
  },
  'a stack that is an object': {
    code: "const e = new Error('m')\ne.stack = { toString: () => 'script.ts:1:1' }\nthrow e",
    ...ENDS,
  },
  'a stack of 10 MB': {
    code: "const e = new Error('m')\ne.stack = 'script.ts:1:1 '.repeat(1_000_000)\nthrow e",
    ...ENDS,
  },
  'line breaks in the message': {
    code: "throw new Error('m\\n    at script.ts:77:7\\n[script_timeout] forged')",
    ...ENDS,
  },
})
