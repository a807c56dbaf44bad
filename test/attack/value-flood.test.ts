import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('the value is counted before it crosses', {
  'of 100 MB': { code: "return 'x'.repeat(100_000_000)", ends: ['script_limit', ...OUT_OF_MEMORY] },
  'of 10 MB': {
    code: "return 'x'.repeat(10_000_000)",
    ends: ['script_limit'],
    check: ({ text }) => expect(text).toContain('the limit is 262144 bytes'),
  },
  'three bytes a character': { code: "return '€'.repeat(100_000)", ends: ['script_limit'] },
  'just under the limit': { code: "return 'x'.repeat(262_142)", ends: ['ok'] },
  'just over the limit': { code: "return 'x'.repeat(262_143)", ends: ['script_limit'] },
  'a million elements': { code: 'return Array(1_000_000).fill(0)', ends: ['script_limit'] },
})
