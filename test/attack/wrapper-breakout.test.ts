import { expect } from 'vitest'

import { attacks } from './harness.ts'

const BROKEN = { ends: ['script_syntax'] }

// The text of a script is put into a function. Nothing of it may end that function and run outside of it.
attacks('a script does not get out of its wrapper', {
  'closing the function': { code: '}); while (true) {} (async () => {', ...BROKEN },
  'closing it with a value': { code: 'return 1 }); globalThis.out = 1; (async () => { return 2', ...BROKEN },
  'closing the parenthesis of the last expression': { code: '1); while (true) {} (2', ...BROKEN },
  'closing a call': { code: '(async () => 1)); (() => { while (true) {} })(', ...BROKEN },
  'a comment that is not closed': { code: 'return 1 /*', ...BROKEN },
  'a comment that is closed twice': { code: '/* */ */', ...BROKEN },
  'a line comment at the end': {
    code: 'return 5 //',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('5'),
  },
  'a line comment after the last expression': {
    code: '5 // }); while (true) {}',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('5'),
  },
  'a template that is not closed': { code: 'return `', ...BROKEN },
  'a template that closes around the wrapper': { code: 'return `${(', ...BROKEN },
  'a string that is not closed': { code: "return '", ...BROKEN },
  'a regular expression that is not closed': { code: 'return /', ...BROKEN },
  'an HTML comment': { code: '<!-- }); while (true) {}\nreturn 1', ends: ['script_syntax', 'ok'] },
  'an HTML comment at the end': { code: 'return 1\n--> }); while (true) {}', ends: ['script_syntax', 'ok'] },
  'an HTML comment at the start': { code: '--> }); while (true) {} (async () => {\nreturn 1', ...BROKEN },
  'an HTML comment in a fence': {
    code: '```js\n--> }); while (true) {} (async () => {\nreturn 1\n```',
    ends: ['script_syntax', 'ok'],
  },
  'a hash-bang': { code: '#!}); while (true) {}\nreturn 1', ends: ['ok', 'script_syntax'] },
  'line separators': {
    code: '// \u2028}); while (true) {} (async () => {\nreturn 1',
    ...BROKEN,
  },
  'a line separator in a string': {
    code: "return '\u2028'.length // \u2029 + 1",
    ends: ['ok', 'script_syntax'],
  },
  'a backslash at the end': { code: 'return 1 \\', ...BROKEN },
  'a null character': { code: 'return 1 \u0000', ...BROKEN },
  'an escaped keyword': { code: 'r\\u0065turn 1', ...BROKEN },
  'await as a name': { code: 'var await = 1\nreturn await', ...BROKEN },
  'new.target': { code: 'return new.target', ...BROKEN },
  super: { code: 'return super.x', ...BROKEN },
  arguments: { code: 'return arguments.length', ends: ['script_error', 'script_syntax'] },
  this: {
    code: 'return typeof this === "undefined" || this === globalThis',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('true'),
  },
  '__proto__ in a literal': {
    code: 'return ({ __proto__: { polluted: 1 } }).polluted',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('1'),
  },
  'strict mode': { code: "'use strict'\nundeclared = 1", ends: ['script_error'] },
  with: { code: 'with (tools) { return await test.add({ a: 1, b: 2 }) }', ends: ['ok', 'script_syntax'] },
  'names of the wrapper': {
    code: 'const script = 1, start = 2, settle = 3, boot = 4\nreturn script + start + settle + boot',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('10'),
  },
  'a type that closes': { code: 'type A = }); while (true) {} (async () => {\nreturn 1', ...BROKEN },
  'a fence in a fence': {
    code: '```js\n```js\n}); while (true) {}\n```\n```',
    ends: ['script_syntax', 'script_error', 'ok'],
  },
  'a decorator': { code: '@tools class A {}\nreturn 1', ...BROKEN },
})
