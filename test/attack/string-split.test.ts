import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a long string that is split brings down its own cell at the most', {
  'into characters': { code: "return 'ab'.repeat(2 ** 27).split('').length", ends: OUT_OF_MEMORY },
  'by spreading': { code: "return [...'ab'.repeat(2 ** 27)].length", ends: OUT_OF_MEMORY },
  'by matching': { code: "return 'ab'.repeat(2 ** 26).match(/./g).length", ends: OUT_OF_MEMORY },
})
