import { attacks } from './harness.ts'

attacks('an endless generator ends by the processor limit', {
  asynchronous: {
    code: 'async function* all() { while (true) yield 1 }\nlet sum = 0\nfor await (const n of all()) sum += n\nreturn sum',
    ends: ['script_cpu'],
  },
  synchronous: {
    code: 'function* all() { while (true) yield 1 }\nlet sum = 0\nfor (const n of all()) sum += n\nreturn sum',
    ends: ['script_cpu'],
  },
  'one that goes on when it is told to return': {
    code: 'async function* all() { while (true) { try { yield 1 } finally { continue } } }\nfor await (const n of all()) break',
    ends: ['ok'],
  },
})
