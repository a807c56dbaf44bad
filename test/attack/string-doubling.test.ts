import { attacks, OUT_OF_MEMORY } from './harness.ts'

attacks('a string that doubles ends by the memory limit or as an error of the language', {
  'joined and read': {
    code: "let s = 'ab'\nconst keep = []\nwhile (true) { s += s; keep.push(s, s.charCodeAt(7)); keep.push(s.toUpperCase()) }",
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
  padded: {
    code: "const keep = []\nwhile (true) keep.push('x'.padEnd(2 ** 24, String(keep.length)))",
    ends: OUT_OF_MEMORY,
  },
  replaced: {
    code: "let s = 'aa'\nwhile (true) s = s.replace(/a/g, 'aaaa')",
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
  normalised: {
    code: "let s = '\\uFDFA'.repeat(1000)\nwhile (true) s = (s + s).normalize('NFKD')",
    ends: [...OUT_OF_MEMORY, 'script_error'],
  },
})
