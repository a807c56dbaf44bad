import { expect } from 'vitest'

import type { Ending } from './arena.ts'
import { attacks } from './harness.ts'

/** Logs may be as long as their limit and a little, whatever the script tried. */
function bounded({ notes }: Ending): void {
  expect(notes.join('').length).toBeLessThan(90_000)
}

// A flood through a host function put 491 MB into the host within 300 ms: bytes are cut before they cross.
attacks('a flood of log lines is cut inside the guest', {
  endless: { code: "while (true) console.log('x'.repeat(10_000))", ends: ['script_cpu'], check: bounded },
  'of empty lines': { code: 'while (true) console.log()', ends: ['script_cpu'], check: bounded },
  'of exotic characters': {
    code: "for (let n = 0; n < 200; n++) console.log('\u{1F4A3}'.repeat(1_000))\nreturn 1",
    ends: ['ok'],
    check: bounded,
  },
  'of lone surrogates': {
    code: "for (let n = 0; n < 200; n++) console.warn('\\ud800'.repeat(1_000))\nreturn 1",
    ends: ['ok'],
    check: bounded,
  },
  'that ends': {
    code: "for (let n = 0; n < 20_000; n++) console.log('line', n)\nreturn 'done'",
    ends: ['ok'],
    check: ({ text, notes }) => {
      expect(text).toBe('done')
      expect(notes.join('')).toMatch(/\(\d+ bytes of logs were cut\)/)
      bounded({ code: '', text, notes })
    },
  },
  'with many arguments': {
    code: "const args = Array(100_000).fill('x'.repeat(100))\nwhile (true) console.log(...args)",
    ends: ['script_cpu', 'script_memory', 'script_killed'],
    check: bounded,
  },
})
