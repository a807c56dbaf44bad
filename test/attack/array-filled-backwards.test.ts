import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('an array that is filled from its end brings down its own cell at the most', {
  '100 million elements': {
    code: 'const a = new Array(104_857_600)\nfor (let n = a.length; n > 0; ) a[--n] = n\nreturn a.length',
    ends: OUT_OF_MEMORY,
  },
  sparse: { code: 'const a = []\nfor (let n = 2 ** 32 - 2; n > 0; n -= 1) a[n] = n', ends: OUT_OF_MEMORY },
})
