import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('chains and rings of objects end by the memory limit', {
  closures: { code: 'let f = () => 0\nwhile (true) { const g = f; f = () => [g, f] }', ends: OUT_OF_MEMORY },
  'linked list': {
    code: 'let head = null\nwhile (true) head = { next: head, more: [head] }',
    ends: OUT_OF_MEMORY,
  },
  'errors with stacks': {
    code: 'const keep = []\nError.stackTraceLimit = 1e9\nconst deep = (n) => n === 0 ? keep.push(new Error(keep.length)) : deep(n - 1)\nwhile (true) deep(200)',
    ends: OUT_OF_MEMORY,
  },
  classes: {
    code: 'const keep = []\nwhile (true) keep.push(class { m() {} static s = keep })',
    ends: OUT_OF_MEMORY,
  },
})
