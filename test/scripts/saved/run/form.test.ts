import { expect, test } from 'vitest'

import { toRunnable } from '../../../../src/scripts/saved/run/form.ts'

const FUNCTIONS: readonly (readonly [name: string, code: string])[] = [
  ['an arrow function', 'async (input) => input.a'],
  ['an arrow function that is no promise', '(input) => input.a'],
  ['without parentheses', 'input => input.a'],
  ['with a type of its own', 'async (input: { a: number }): Promise<number> => input.a'],
  ['a function expression', 'async function (input) { return input.a }'],
  ['a named function', 'async function main(input) { return input.a }'],
  ['a default export', 'export default async (input) => input.a'],
  ['behind comments', '/** Says a. */\n// really\nasync (input) => input.a\n'],
  ['with a semicolon and a comment behind', 'async (input) => input.a;\n// the end'],
]

test.each(FUNCTIONS)('%s gets its input', async (_name, code) => {
  const runnable = toRunnable(code)
  expect(runnable).not.toBe(code)
  // What it returns is found by running it as the body of an async function, without its types.
  const { transform } = await import('sucrase')
  const { code: plain } = transform(runnable, { transforms: ['typescript'], disableESTransforms: true })
  const AsyncFunction = (async () => {}).constructor as new (
    ...words: string[]
  ) => (input: object) => Promise<unknown>
  await expect(new AsyncFunction('input', plain)({ a: 7 })).resolves.toBe(7)
})

test.each([
  ['statements', 'return input.a'],
  ['a function that wants something else', 'async ({ tools }) => tools'],
  ['a comparison that begins with the name', '(input) * 2'],
  ['nothing at all', '  // only a comment'],
])('%s are left as they are', (_name, code) => {
  expect(toRunnable(code)).toBe(code)
})

test('lines stay where they are', () => {
  const code = '// one\n// two\nasync (input) => {\n  return input.here\n}\n'
  const lineOf = (text: string): number => text.slice(0, text.indexOf('input.here')).split('\n').length
  expect(lineOf(toRunnable(code))).toBe(lineOf(code))
})
