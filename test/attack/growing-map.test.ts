import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a Map that grows without end brings down its own cell at the most', {
  'small entries': {
    code: 'const map = new Map()\nfor (let n = 0; ; n++) map.set(n, n)',
    ends: OUT_OF_MEMORY,
  },
  'objects as keys': { code: 'const map = new Map()\nwhile (true) map.set({}, [])', ends: OUT_OF_MEMORY },
})
