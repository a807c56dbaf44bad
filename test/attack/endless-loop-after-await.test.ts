import { attacks } from './harness.ts'

// The engine's own time limit does not cover code that runs after a host call has been awaited.
attacks('an endless loop after a real await ends by the processor limit', {
  'after one call': { code: 'await tools.test.add({ a: 1, b: 2 })\nwhile (true) {}', ends: ['script_cpu'] },
  'in the handler of a rejection': {
    code: 'await tools.test.fail({}).catch(() => { while (true) {} })',
    ends: ['script_cpu'],
  },
  'after a call that nobody awaits': {
    code: 'void tools.test.add({ a: 1, b: 2 }).then(() => { while (true) {} })\nreturn await tools.test.hang()',
    ends: ['script_cpu'],
  },
})
