import { runInThisContext } from 'node:vm'

import { describe, expect, test } from 'vitest'

import { prepareScript } from '../../sandbox/cell/script/prepare.ts'
import { ScriptSyntaxError } from '../../sandbox/cell/script/syntax-error.ts'
import { enter, exit, leave, place, restore, resume } from '../../sandbox/guest/lineage.ts'

/** Evaluates a prepared script here: the cell's isolate is tested elsewhere, this is about the text. */
async function valueOf(submitted: string, input?: unknown): Promise<unknown> {
  const { source } = prepareScript(submitted, input !== undefined)
  const make = runInThisContext(`(tools, console, input) => ${source}`) as (
    tools: object,
    console: object,
    input: unknown,
  ) => (...lineage: unknown[]) => () => Promise<unknown>
  const tools = { server: { tool: () => Promise.resolve('called') } }
  return make(tools, {}, input)(enter, resume, leave, restore, exit, place)()
}

describe('each form that models write gives its value', () => {
  const forms: readonly (readonly [name: string, code: string, value: unknown])[] = [
    ['a return', 'return 1 + 1', 2],
    ['await and return', 'const a = await Promise.resolve(2)\nreturn a', 2],
    ['a last expression', 'const a = 2\na * 2', 4],
    ['a last expression with a semicolon', 'const a = 2;\na * 2;', 4],
    ['a last expression and a comment', 'const a = 2\na * 2 // doubled\n/* end */', 4],
    ['a last expression over lines', 'const a = [1]\na\n  .map((n) => n + 1)\n  .at(0)', 2],
    ['a last expression that is awaited', 'await tools.server.tool({})', 'called'],
    ['a last expression that is a promise', 'tools.server.tool({})', 'called'],
    ['an expression in parentheses', '(1 + 2)', 3],
    ['an object in parentheses', '({ a: 1 })', { a: 1 }],
    ['a sequence', '1, 2', 2],
    ['a template', '`a${1}`', 'a1'],
    ['an arrow', '() => 1', 1],
    ['an async arrow', 'async () => {\n  return 1\n}', 1],
    ['an async arrow with a semicolon', 'async () => { return 1 };', 1],
    ['an async arrow in parentheses', '(async () => { return 1 })', 1],
    ['an async arrow that is called', '(async () => { return 1 })()', 1],
    ['an arrow that takes tools', 'async (tools) => tools.server.tool()', 'called'],
    ['an arrow that takes an object', 'async ({ tools }) => tools.server.tool()', 'called'],
    ['a function expression', '(async function () { return 1 })', 1],
    ['a named function', 'async function fetchAll() {\n  return 1\n}', 1],
    ['main among others', 'function help() { return 1 }\nasync function main() { return help() + 1 }', 2],
    ['main that is called', 'async function main() { return 1 }\nmain()', 1],
    ['main that is called with await', 'async function main() { return 1 }\nawait main()', 1],
    ['main with an enum', 'enum Color { Red = 4 }\nasync function main() { return Color.Red }', 4],
    ['an enum after main', 'function main() { return Color.Red }\nenum Color { Red = 4 }', 4],
    ['a constant function', 'const run = async () => 1', 1],
    ['a constant function in parentheses', 'const run = (async () => 1)', 1],
    ['a default function', 'export default async function () { return 1 }', 1],
    ['a named default function', 'export default async function main() { return 1 }\n// end', 1],
    ['a default arrow', 'export default async () => 1', 1],
    ['a default arrow in parentheses', 'export default (async () => 1)', 1],
    ['a default expression', 'export default 1 + 1', 2],
    ['a default object', 'export default { a: 1 }', { a: 1 }],
    ['an exported function', 'export async function main() { return 1 }', 1],
    ['an exported constant', 'export const a = 1\nexport default a', 1],
    ['nothing', '', undefined],
    ['only a comment', '// nothing', undefined],
    ['only declarations', 'const a = 1', undefined],
    ['a return in a branch and a last expression', 'if (1 > 2) return 1\n5', undefined],
    ['carriage returns', 'const a = 1\r\nreturn a\r\n', 1],
    ['a byte order mark', '\uFEFFreturn 1', 1],
    ['a hash-bang', '#!/usr/bin/env node\nreturn 1', 1],
    [
      'types',
      'interface A { a: number }\ntype B = A & { b?: string }\nconst a: B = { a: 1 }\nreturn a.a as number',
      1,
    ],
    [
      'generics',
      'function id<T extends object>(a: T): T { return a }\nconst f = <T,>(a: T) => a\nreturn f(id({ a: 1 })).a',
      1,
    ],
    ['satisfies', 'return ({ a: 1 } satisfies Record<string, number>).a', 1],
    ['non-null and angle brackets', 'const a = <any>{ b: 1 }\nreturn a!.b', 1],
    ['parameter properties', 'class A { constructor(readonly a: number) {} }\nreturn new A(1).a', 1],
    [
      'overloads and abstract classes',
      'function f(a: string): void\nfunction f(a: number): number\nfunction f(a: any) { return a }\nabstract class B { abstract g(): void }\nreturn f(1)',
      1,
    ],
    ['a const enum', 'const enum A { B = 1, C }\nreturn A.C', 2],
    ['an import of types', "import type { A } from 'a'\nreturn 1", 1],
    ['a string with a fence', 'return "```"', '```'],
    ['a template with a fence', 'return `a\n~~~\nb`', 'a\n~~~\nb'],
    ['a regular expression', 'return /[/`"]/.test("`")', true],
    ['optional chaining and division', 'const a = 4, b = 2\nreturn a /b/ 1', 2],
  ]

  test.for(forms)('%s', async ([, code, value]) => {
    expect(await valueOf(code)).toEqual(value)
  })

  const fences: readonly (readonly [name: string, wrap: (code: string) => string])[] = [
    ['a fence', (code) => `\`\`\`\n${code}\n\`\`\``],
    ['a fence with a language', (code) => `\`\`\`typescript\n${code}\n\`\`\`\n`],
    ['a fence of tildes', (code) => `~~~js\n${code}\n~~~`],
    ['a longer fence', (code) => `\`\`\`\`ts\n${code}\n\`\`\`\``],
    ['a fence after blank lines', (code) => `\n\n\`\`\`ts\n${code}\n\`\`\``],
    ['a fence with text after it', (code) => `\`\`\`ts\n${code}\n\`\`\`\nThis adds the numbers.`],
    ['a fence that is not closed', (code) => `\`\`\`ts\n${code}`],
    ['a fence with carriage returns', (code) => `\`\`\`ts\r\n${code.replaceAll('\n', '\r\n')}\r\n\`\`\`\r\n`],
  ]
  test.for(fences)('%s', async ([, wrap]) => {
    expect(await valueOf(wrap('const a: number = 2\nreturn a'))).toBe(2)
    expect(await valueOf(wrap('async () => {\n  return 2\n}'))).toBe(2)
    expect(await valueOf(wrap('export default (async () => 2)'))).toBe(2)
  })
})

/** The line that an error of the prepared source has, as V8 counts it: the wrapper starts on line 1. */
async function lineOfError(submitted: string): Promise<number> {
  return (await placeOfError(submitted)).line
}

async function placeOfError(submitted: string): Promise<{ line: number; column: number }> {
  const { source, columnOffset, columnOf } = prepareScript(submitted)
  const make = runInThisContext(source, { filename: 'prepared-script.js', columnOffset }) as (
    ...lineage: unknown[]
  ) => () => Promise<unknown>
  try {
    await make(enter, resume, leave, restore, exit, place)()
  } catch (error) {
    const frame = /prepared-script\.js:(\d+):(\d+)/.exec(String((error as Error).stack))
    const line = Number(frame?.[1])
    return { line, column: columnOf(line, Number(frame?.[2])) }
  }
  throw new Error('nothing was thrown')
}

describe('an error keeps the line that the model wrote', () => {
  const BOOM = "throw new Error('boom')"
  const scripts: readonly (readonly [name: string, code: string])[] = [
    ['bare statements', `const a = 1\n${BOOM}`],
    ['a last expression', `const a = 1\n(() => { ${BOOM} })()`],
    ['an arrow', `async () => {\n  const a = 1\n  ${BOOM}\n}`],
    ['a named function', `\nasync function main() {\n  ${BOOM}\n}`],
    ['a default export', `export default async () => {\n  ${BOOM}\n}`],
    ['a named default export', `const a = 1\nexport default async function main() {\n  ${BOOM}\n}`],
    ['a constant function', `const run = async () => {\n  ${BOOM}\n}`],
    ['a fence', `\`\`\`ts\nconst a = 1\n${BOOM}\n\`\`\``],
    ['a fence after blank lines', `\n\n\`\`\`ts\nconst a: number = 1\n\n${BOOM}\n\`\`\``],
    ['after an interface', `interface A {\n  a: number\n  b: string\n}\n${BOOM}`],
    ['after a type', `type A =\n  | 'a'\n  | 'b'\n\n${BOOM}`],
    ['after an enum', `enum A {\n  B,\n  C = 5,\n  D = 'd'.length,\n}\n${BOOM}`],
    ['after an enum on one line', `enum A { B, C }\n${BOOM}`],
    ['after a const enum', `const enum A {\n  B,\n}\n${BOOM}`],
    [
      'after a declaration',
      `declare const a: {\n  b: number\n}\ndeclare function f(\n  a: string,\n): void\n${BOOM}`,
    ],
    ['after overloads', `function f(\n  a: string,\n): void\nfunction f(a: any) {}\n${BOOM}`],
    [
      'after generics over lines',
      `const f = <\n  A,\n  B extends A,\n>(\n  a: A,\n  b: B,\n): [\n  A,\n  B,\n] => [a, b]\n${BOOM}`,
    ],
    [
      'after a class',
      `class A<T> {\n  private a: T | undefined\n  readonly b = 1\n  constructor(\n    private c: number,\n    readonly d: string,\n  ) {}\n}\n${BOOM}`,
    ],
    [
      'after an abstract class',
      `abstract class A {\n  abstract f(\n    a: string,\n  ): void\n  declare x: number\n}\n${BOOM}`,
    ],
    [
      'after casts over lines',
      `const a = {\n  b: 1,\n} as {\n  b: number\n} satisfies {\n  b: unknown\n}\n${BOOM}`,
    ],
    ['after an import of types', `import type {\n  A,\n} from 'a'\n${BOOM}`],
    ['after a template over lines', `const a = \`\n\n\${1}\n\`\n${BOOM}`],
    ['after a namespace', `namespace N {\n  export const a = 1\n}\n${BOOM}`],
    ['carriage returns', `const a = 1\r\n\r\n${BOOM}`],
    ['a hash-bang', `#!/usr/bin/env node\n${BOOM}`],
    ['a byte order mark', `\uFEFFconst a = 1\n${BOOM}`],
  ]

  test.for(scripts)('%s', async ([, code]) => {
    const line = code.split('\n').findIndex((text) => text.includes('boom')) + 1
    expect(await lineOfError(code)).toBe(line)
  })
})

test.for([
  ['nothing before it', 'null.x'],
  ['a wait before it', 'await null; await null; null.x'],
  ['a last expression', '[1].map((n) => null.x)'],
  ['a last expression that waits', 'await (async () => { await 1; return null.x })()'],
  ['an arrow without braces', 'const f = async (n) => n ? await f(n - 1) : null.x\nawait f(2)'],
  ['a default export', 'export default async () => { await 1; null.x }'],
  ['a handler', 'try { await Promise.reject(1) } catch { await 2; null.x }'],
  ['a loop', 'for await (const a of [1]) { await 1; null.x }'],
  ['a later line', 'await 1\n  await 2; const a = async () => { await 3; null.x }; await a()'],
] as const)('an error keeps its column: %s', async ([, code]) => {
  const lines = code.split('\n')
  const line = lines.findIndex((text) => text.includes('null.x')) + 1
  const column = (lines[line - 1] ?? '').indexOf('null.x') + 'null.'.length + 1
  expect(await placeOfError(code)).toEqual({ line, column })
})

describe('an input', () => {
  test.for([
    ['is a name', 'return input.a'],
    ['is what an arrow takes', 'async (given) => given.a'],
    ['is taken by its name', 'async (input) => input.a'],
    ['is taken with a type', 'async (given: { a: number }, tools: unknown) => given.a'],
    ['is taken with a default', 'async (given = {}) => given.a'],
    ['comes after tools', 'async (tools, input) => input.a'],
    ['is one of the names', 'async ({ tools, input }) => input.a'],
    ['gives its members', 'async ({ a, tools }) => a'],
    ['is what an entry takes', 'async function main(order) { return order.a }'],
    ['is what a default export takes', 'export default async (order) => order.a'],
  ] as const)('%s', async ([, code]) => {
    expect(await valueOf(code, { a: 5 })).toBe(5)
  })
})

describe('a script that does not parse', () => {
  const refused: readonly (readonly [
    name: string,
    code: string,
    line: number | undefined,
    message: RegExp,
  ])[] = [
    ['an error of syntax', 'const a = 1\nconst = 2', 2, /./],
    ['one in a fence', '```ts\nconst a = 1\nconst = 2\n```', 3, /./],
    ['one after types', 'interface A {\n  a: 1\n}\nreturn )', 4, /./],
    ['one in types', 'const a = 1\ntype A = {', undefined, /./],
    ['a name that is declared twice', 'const a = 1\nconst a = 2', 2, /already been declared/],
    ['an import', "const a = 1\nimport fs from 'fs'\nreturn fs", 2, /cannot import/],
    ['an import in a fence', "```\nimport fs from 'fs'\n```", 2, /cannot import/],
    ['an import for its effect', "import 'fs'", 1, /cannot import/],
    ['exported names', 'const a = 1\nexport { a }', 2, /cannot export names/],
    ['everything of another module', "export * from 'fs'", 1, /cannot export names/],
    ['a default class', 'export default class A {}', 1, /function or a value/],
    ['an unbalanced brace', 'return 1\n}', 2, /./],
    ['nesting beyond the stack', '('.repeat(100_000), undefined, /nested too deeply/],
    [
      'blocks beyond the stack of the walk',
      `${'{'.repeat(30_000)}${'}'.repeat(30_000)}`,
      undefined,
      /nested too deeply/,
    ],
  ]
  test.for(refused)('%s is refused with its line', ([, code, line, message]) => {
    let thrown: unknown
    try {
      prepareScript(code)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(ScriptSyntaxError)
    const error = thrown as ScriptSyntaxError
    expect(error.message).toMatch(message)
    expect(error.message).not.toMatch(/\(\d+:\d+\)$/)
    if (line !== undefined) expect(error.line).toBe(line)
  })
})
