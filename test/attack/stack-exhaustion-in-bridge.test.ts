import { attacks, OUT_OF_MEMORY } from './harness.ts'

// The bridge is entered with a little less stack each time, so that it overflows at each of its own lines in turn.
const at = (use: string): string =>
  `const f = (n) => { try { f(n + 1) } catch {} if (n > 200) { try { ${use} } catch {} } }\nf(0)\nreturn 1`

const ENDS = ['ok', 'script_error', 'script_stalled', ...OUT_OF_MEMORY, 'script_limit']

attacks('a bridge that is called at the end of the stack keeps its count and its cell', {
  console: { code: at("console.log('x', {})"), ends: ENDS },
  calls: { code: at('void tools.test.add({ a: 1, b: 2 })'), ends: ENDS },
  bindings: { code: at("void tools['s' + n]['t' + n]"), ends: ENDS },
  Intl: { code: at('new Intl.Collator()'), ends: ENDS },
  'then the end': {
    code: 'const f = (n) => { try { f(n + 1) } catch {} if (n > 50) throw { toString() { f(0) } } }\nreturn f(0)',
    ends: ENDS,
  },
})
