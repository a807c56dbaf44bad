import { attacks } from './harness.ts'

attacks('microtasks without end end by the processor limit', {
  'a chain of promises': {
    code: 'const again = () => Promise.resolve().then(again)\nawait again()',
    ends: ['script_cpu', 'script_memory'],
  },
  'a chain that goes on after the script has returned': {
    code: 'const again = () => { Promise.resolve().then(again) }\nagain()\nreturn 1',
    ends: ['script_cpu'],
  },
  'await in a loop': { code: 'while (true) await null', ends: ['script_cpu'] },
  'a chain after a call': {
    code: 'await tools.test.add({ a: 1, b: 2 })\nwhile (true) await undefined',
    ends: ['script_cpu'],
  },
})
