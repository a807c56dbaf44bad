import { expect } from 'vitest'

import { attacks, OUT_OF_MEMORY } from './harness.ts'

const LIMIT = {
  ends: ['script_error'],
  check: ({ text }: { text: string }) => expect(text).toContain('[script_limit]'),
}

attacks('arguments are counted before they cross', {
  'one of 100 MB': {
    code: "await tools.test.echo({ text: 'x'.repeat(100_000_000) })",
    ends: ['script_error', ...OUT_OF_MEMORY],
  },
  'one of 10 MB': { code: "await tools.test.echo({ text: 'x'.repeat(10_000_000) })", ...LIMIT },
  'many that are too much together': {
    code: "for (let n = 0; n < 100; n++) await tools.test.echo({ text: 'x'.repeat(50_000) })",
    ...LIMIT,
  },
  'three bytes a character': { code: "await tools.test.echo({ text: '€'.repeat(400_000) })", ...LIMIT },
  'in keys': { code: "await tools.test.echo({ ['x'.repeat(2_000_000)]: 1 })", ...LIMIT },
  'that grow by toJSON': {
    code: "await tools.test.echo({ small: { toJSON: () => 'x'.repeat(5_000_000) } })",
    ...LIMIT,
  },
  'that grow by escapes': {
    code: "await tools.test.echo({ text: '\\u0000'.repeat(300_000) })",
    ...LIMIT,
  },
})
