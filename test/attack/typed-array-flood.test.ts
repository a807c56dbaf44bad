import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a flood of typed arrays ends by the memory limit', {
  Uint8Array: {
    code: 'const keep = []\nwhile (true) keep.push(new Uint8Array(2 ** 20).fill(1))',
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
  'Float64Array, one huge': {
    code: 'return new Float64Array(2 ** 29).fill(1).length',
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
  'small ones': {
    code: 'const keep = []\nwhile (true) keep.push(new Uint8Array(65))',
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
})
