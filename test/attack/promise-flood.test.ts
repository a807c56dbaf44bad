import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a flood of promises brings down its own cell at the most', {
  kept: { code: 'const keep = []\nwhile (true) keep.push(new Promise(() => {}))', ends: OUT_OF_MEMORY },
  'with handlers': {
    code: 'const p = new Promise(() => {})\nwhile (true) p.then(() => 1)',
    ends: OUT_OF_MEMORY,
  },
  'rejected and not handled': { code: 'while (true) Promise.reject(new Error())', ends: OUT_OF_MEMORY },
  'queued microtasks': { code: 'while (true) Promise.resolve().then(() => 1)', ends: OUT_OF_MEMORY },
})
