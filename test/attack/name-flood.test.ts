import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

// The names of a call cross beside its arguments: they must not be a way around the count of bytes.
attacks('names of tools are bounded before they cross', {
  'a tool with a name of 2 MB': {
    code: "await tools.test['x'.repeat(2_000_000)]({})",
    ends: ['script_error'],
    check: ({ text }) => expect(text).toContain('[unknown_tool]'),
  },
  'a server with a name of 2 MB': {
    code: "await tools['x'.repeat(2_000_000)].add({})",
    ends: ['script_error'],
    check: ({ text }) => expect(text).toContain('[unknown_tool]'),
  },
  'a hundred of 500 kB, not awaited': {
    code: "for (let n = 0; n < 100; n++) void tools['s' + n]['x'.repeat(500_000)]({})\nreturn 1",
    ends: ['ok', ...OUT_OF_MEMORY],
    check: ({ notes }) => expect(notes.join('').length).toBeLessThan(20_000),
  },
  'names without end': {
    code: 'for (let n = 0; ; n++) tools[n][n]',
    ends: OUT_OF_MEMORY,
  },
})
