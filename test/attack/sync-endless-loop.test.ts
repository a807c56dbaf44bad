import { attacks } from './harness.ts'

attacks('an endless loop ends by the processor limit', {
  'before any await': { code: 'while (true) {}', ends: ['script_cpu'] },
  'in a function that the script declares': {
    code: 'async function main() { for (let n = 0; ; n++) Math.sqrt(n) }',
    ends: ['script_cpu'],
  },
  'that catches everything': {
    code: 'while (true) { try { while (true) {} } catch {} finally { continue } }',
    ends: ['script_cpu'],
  },
})
