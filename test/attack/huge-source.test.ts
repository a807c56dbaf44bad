import { attacks } from './harness.ts'

// On a busy machine the parser may take longer than a cell may be silent, or more memory than a cell may have.
const PARSED = ['ok', 'script_cpu', 'script_memory']

attacks('a huge source is refused or parsed in bounded time', {
  'longer than the limit': { code: `// ${'x'.repeat(300_000)}`, ends: ['script_limit'] },
  // The pattern that looked for import statements took quadratic time on these.
  'blank lines before an error': { code: `${'\n'.repeat(250_000)}(`, ends: ['script_syntax'] },
  'blanks before an error': { code: `${' '.repeat(250_000)}(`, ends: ['script_syntax'] },
  'blank lines in a fence': { code: `\`\`\`ts\n${'\n'.repeat(250_000)}(\n\`\`\``, ends: ['script_syntax'] },
  statements: { code: `let a\n${'a=1;'.repeat(60_000)}return 1`, ends: PARSED },
  'one string': { code: `return '${'x'.repeat(250_000)}'.length`, ends: ['ok'] },
  identifiers: {
    code: `let ${Array.from({ length: 25_000 }, (_, n) => `v${n}`).join()}\nreturn 1`,
    ends: PARSED,
  },
  backticks: { code: '`'.repeat(250_000), ends: [...PARSED, 'script_syntax', 'script_error'] },
  'angle brackets': { code: 'a<'.repeat(100_000), ends: ['script_syntax', 'script_timeout'] },
  'comments that do not end': { code: '/*'.repeat(120_000), ends: ['script_syntax'] },
  slashes: { code: '/ '.repeat(120_000), ends: ['script_syntax', 'script_error', 'ok'] },
  'arrows that might be types': { code: 'f<T>('.repeat(40_000), ends: ['script_syntax', 'script_timeout'] },
})
