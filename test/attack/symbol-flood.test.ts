import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a flood of symbols brings down its own cell at the most', {
  registered: { code: 'for (let n = 0; ; n++) Symbol.for(String(n))', ends: OUT_OF_MEMORY },
  'as keys': { code: 'const o = {}\nfor (let n = 0; ; n++) o[Symbol(n)] = n', ends: OUT_OF_MEMORY },
  'property names': { code: "const o = {}\nfor (let n = 0; ; n++) o['k' + n] = n", ends: OUT_OF_MEMORY },
})
