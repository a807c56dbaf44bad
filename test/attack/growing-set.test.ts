import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a Set that grows without end brings down its own cell at the most', {
  numbers: { code: 'const set = new Set()\nfor (let n = 0; ; n++) set.add(n)', ends: OUT_OF_MEMORY },
  'weak ones': {
    code: 'const set = new WeakSet(), keep = []\nwhile (true) { const o = {}; set.add(o); keep.push(o) }',
    ends: OUT_OF_MEMORY,
  },
})
