import { expect } from 'vitest'

import { attacks } from './harness.ts'

const KINDS = ['function () {}', 'async function () {}', 'function* () {}', 'async function* () {}']
const TRIES = [
  "eval('1')",
  "(0, eval)('1')",
  "globalThis.eval('1')",
  "Function('return 1')()",
  "new Function('return 1')()",
  "Reflect.construct(Function, ['return 1'])()",
  "[].constructor.constructor('return 1')()",
  "console.log.constructor('return 1')()",
  "tools.test.add.constructor('return 1')()",
  "(() => 1).constructor('return 1')()",
  "class A extends Function {}; new A('return 1')()",
  ...KINDS.map((kind) => `Object.getPrototypeOf(${kind}).constructor('return 1')()`),
  ...KINDS.map((kind) => `Reflect.construct(Object.getPrototypeOf(${kind}).constructor, ['return 1'])()`),
  "setTimeout('1')",
  "new (Object.getPrototypeOf(Intl.Collator).constructor)('return 1')()",
  "Object.getOwnPropertyDescriptor(Function.prototype, 'constructor').value('return 1')()",
]

attacks('source that appears only at run time is refused', {
  'each way to make it': {
    code: `const results = []
${TRIES.map((line) => `try { ${line}; results.push(${JSON.stringify(line)}) } catch {}`).join('\n')}
return results`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[]'),
  },
  'the constructor cannot be put back': {
    code: "try { Object.defineProperty(Function.prototype, 'constructor', { value: 1 }) } catch (error) { return error.name }",
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('TypeError'),
  },
  'instances are still functions': {
    code: 'return [(() => 1) instanceof Function, Function.prototype === Object.getPrototypeOf(() => 1)]',
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('[true,true]'),
  },
})
