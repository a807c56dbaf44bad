import { attacks } from './harness.ts'

attacks('a regular expression that takes for ever ends by the processor limit', {
  'nested quantifiers': { code: "return /^(a+)+$/.test('a'.repeat(40) + 'b')", ends: ['script_cpu'] },
  'alternatives that overlap': { code: "return /^(a|a)*$/.test('a'.repeat(40) + 'b')", ends: ['script_cpu'] },
  'back references': {
    code: "return /^(.*)(.*)(.*)(.*)(.*)(.*)\\1\\2\\3x$/.test('ab'.repeat(200))",
    ends: ['script_cpu'],
  },
  'after an await': {
    code: "await tools.test.add({ a: 1, b: 1 })\nreturn 'a'.repeat(40).concat('b').replace(/(a*)*$/, '') && /^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(60))",
    ends: ['script_cpu'],
  },
  'a pattern that is itself huge': {
    code: "return new RegExp('(?:a?){1000}'.repeat(2_000)).test('a')",
    ends: ['ok', 'script_cpu', 'script_error', 'script_memory', 'script_killed'],
  },
})
