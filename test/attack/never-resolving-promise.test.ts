import { attacks } from './harness.ts'

attacks('a promise that nothing can settle is noticed at once, not by a clock', {
  alone: { code: 'await new Promise(() => {})', ends: ['script_stalled'] },
  'after a call': {
    code: 'await tools.test.add({ a: 1, b: 2 })\nawait new Promise(() => {})',
    ends: ['script_stalled'],
  },
  'a thenable that never calls back': { code: 'await { then() {} }', ends: ['script_stalled'] },
  'in a race with nothing': { code: 'await Promise.race([])', ends: ['script_stalled'] },
})

attacks(
  'a tool that never answers ends by the wall clock',
  { 'one call': { code: 'await tools.test.hang()', ends: ['script_timeout'] } },
  { wallMs: 1_500 },
)
