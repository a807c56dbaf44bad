import { attacks, OUT_OF_MEMORY } from './harness.ts'

const ENDS = [...OUT_OF_MEMORY, 'script_error']

attacks('built-ins that work long in one step end by a limit', {
  'sorting a large array': {
    code: 'const a = Array.from({ length: 2_000_000 }, () => Math.random())\nwhile (true) a.sort()',
    ends: ENDS,
  },
  'sorting with a comparison that never ends': {
    code: '[3, 1, 2].sort(() => { while (true) {} })',
    ends: ENDS,
  },
  'joining a large array': { code: "while (true) new Array(2 ** 24).join('x')", ends: ENDS },
  'indexOf over and over': {
    code: "const s = 'a'.repeat(10_000_000)\nwhile (true) s.indexOf('aaaaaaaaab')",
    ends: ENDS,
  },
  copyWithin: { code: 'const a = new Uint8Array(2 ** 24)\nwhile (true) a.copyWithin(1, 0)', ends: ENDS },
  'includes in a sparse array': {
    code: 'const a = []\na[2 ** 32 - 2] = 1\nreturn a.includes(2)',
    ends: [...ENDS, 'ok'],
  },
  'an array-like without end': {
    code: 'return Array.prototype.map.call({ length: 2 ** 53 - 1 }, (x) => x).length',
    ends: ENDS,
  },
  'reverse of a sparse array': {
    code: 'const a = []\na[2 ** 32 - 2] = 1\na.reverse()\nreturn 1',
    ends: [...ENDS, 'ok'],
  },
  'Date parsing': { code: "const s = '('.repeat(1_000_000)\nwhile (true) Date.parse(s)", ends: ENDS },
  'structured iteration of a typed array': {
    code: 'const a = new Uint8Array(2 ** 24)\nwhile (true) for (const x of a) if (x) break',
    ends: ENDS,
  },
})
