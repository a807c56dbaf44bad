import { expect } from 'vitest'

import { attacks } from './harness.ts'

const LIMIT = {
  ends: ['script_error', 'script_limit'],
  check: ({ text }: { text: string }) => expect(text).toContain('script_limit'),
}

attacks('results are counted before they reach the cell', {
  'one of 100 MB': { code: 'await tools.test.big({ bytes: 100_000_000 })', ...LIMIT },
  'one of 2 MB': { code: 'await tools.test.big({ bytes: 2_000_000 })', ...LIMIT },
  'one just under the limit in characters, three times it in bytes': {
    code: 'await tools.test.wide({ chars: 1_000_000 })',
    ...LIMIT,
  },
  'sixteen that arrive together': {
    code: 'await Promise.all(Array.from({ length: 16 }, () => tools.test.big({ bytes: 1_000_000 })))',
    ...LIMIT,
  },
  'one after the other': {
    code: 'while (true) await tools.test.big({ bytes: 500_000 })',
    ...LIMIT,
  },
  'a failure of 100 MB': {
    code: "const text = 'x'.repeat(900_000)\nawait tools.test.fail({ text })",
    ends: ['script_error', 'script_limit'],
    check: ({ text }) => expect(text.length).toBeLessThan(10_000),
  },
  'one that is too large, caught': {
    code: 'return await tools.test.big({ bytes: 2_000_000 }).catch((error) => error.code)',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('script_limit'),
  },
})
