import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a BigInt that grows without end ends by a limit', {
  squared: { code: 'let n = 3n\nwhile (true) n *= n', ends: [...OUT_OF_MEMORY, 'script_error'] },
  'shifted and written': {
    code: 'return String((1n << 25_000_000n) + 7n).length',
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
  raised: { code: 'return String(7n ** 20_000_000n).length', ends: [...OUT_OF_MEMORY, 'script_error'] },
  'read from text': {
    code: "return BigInt('9'.repeat(30_000_000)) % 10n === 9n",
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
})
