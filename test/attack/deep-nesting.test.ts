import { attacks } from './harness.ts'

const N = 50_000
const nested = (open: string, close: string, middle = '1'): string =>
  open.repeat(N) + middle + close.repeat(N)

const TOO_DEEP = ['script_syntax']

// The script is parsed in the cell: a stack that overflows there must leave a cell that still parses. The honest runs
// of the same owner that follow use it.
attacks('source that is nested deeply does not parse, and the parser lives on', {
  parentheses: { code: `return ${nested('(', ')')}`, ends: TOO_DEEP },
  brackets: { code: `return ${nested('[', ']')}`, ends: TOO_DEEP },
  braces: { code: nested('{', '}', ''), ends: TOO_DEEP },
  objects: { code: `return ${nested('{a:', '}')}`, ends: TOO_DEEP },
  functions: { code: `return ${nested('()=>', '', '1')}`, ends: TOO_DEEP },
  calls: { code: `return ${nested('f(', ')')}`, ends: TOO_DEEP },
  'template literals': { code: `return ${'`${'.repeat(20_000)}1${'}`'.repeat(20_000)}`, ends: TOO_DEEP },
  conditions: { code: `return ${'1?'.repeat(N)}1${':1'.repeat(N)}`, ends: TOO_DEEP },
  'unary operators': { code: `return ${'!'.repeat(N)}1`, ends: TOO_DEEP },
  'generic types': { code: `const x: ${'A<'.repeat(N)}A${'>'.repeat(N)} = 1`, ends: ['script_syntax', 'ok'] },
  'open and never closed': { code: '('.repeat(N), ends: TOO_DEEP },
  'blocks that are just shallow enough to parse': {
    code: `${'{'.repeat(1_000)}${'}'.repeat(1_000)}\nreturn 1`,
    ends: ['ok', 'script_syntax'],
  },
  sums: { code: `return ${'1+'.repeat(N)}1`, ends: ['ok', 'script_syntax', 'script_error'] },
})
