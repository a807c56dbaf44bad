import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a huge array brings down its own cell at the most', {
  filled: { code: 'return new Array(2 ** 28).fill(1).length', ends: OUT_OF_MEMORY },
  'again and again': {
    code: 'const all = []\nwhile (true) all.push(new Array(2 ** 22).fill(all))',
    ends: OUT_OF_MEMORY,
  },
  'by Array.from': {
    code: 'return Array.from({ length: 2 ** 28 }, (_, n) => n).length',
    ends: OUT_OF_MEMORY,
  },
  'by flattening': { code: 'let a = [1]\nwhile (true) a = [a, a].flat(Infinity)', ends: OUT_OF_MEMORY },
  'by spreading': { code: 'let a = [1]\nwhile (true) a = [...a, ...a]', ends: OUT_OF_MEMORY },
})
