import { expect } from 'vitest'

import { attacks } from './harness.ts'

const NAMES = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'require',
  'process',
  'performance',
]

attacks(
  'what a script does not have is a clear error with a hint',
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      {
        code: `const a = 1\nawait ${name}(() => 1, 10)`,
        ends: ['script_error'],
        check: ({ text }: { text: string }) => {
          expect(text).toContain(`ReferenceError: ${name} is not defined at line 2`)
          expect(text).toContain(`there is no ${name}.`)
        },
      },
    ]),
  ),
)
