/** A script that goes wrong when it runs, with what is to be said of it. */
export interface Mistake {
  readonly name: string
  readonly code: string
  readonly found: readonly {
    readonly line: number
    readonly severity?: 'hint'
    /** Parts of the text. */
    readonly text: readonly string[]
  }[]
}

const LIST = 'tools.github.list_issues({ owner: string, repo: string'
const OK = "{ owner: 'a', repo: 'b' }"

export const MISTAKES: readonly Mistake[] = [
  {
    name: 'an argument of a wrong type',
    code: "\nreturn tools.github.list_issues({ owner: 1, repo: 'b' })",
    found: [{ line: 2, text: ['`owner` of tools.github.list_issues takes string, not number', LIST] }],
  },
  {
    name: 'an argument that is missing',
    code: "await tools.github.list_issues({ owner: 'a' })",
    found: [{ line: 1, text: ['lacks `repo`', LIST] }],
  },
  {
    name: 'several arguments that are missing',
    code: 'await tools.github.list_issues({})',
    found: [{ line: 1, text: ['lacks `owner`, `repo`', LIST] }],
  },
  {
    name: 'an argument that does not exist',
    code: "await tools.github.list_issues({ owner: 'a', repo: 'b', stat: 'open' })",
    found: [{ line: 1, text: ['has no parameter `stat`', 'Did you mean `state`?', LIST] }],
  },
  {
    name: 'an argument that does not exist, inside another',
    code: "await tools.github.list_issues({ owner: 'a', repo: 'b', filter: { autor: 'x' } })",
    found: [{ line: 1, text: ['has no parameter `autor`', '`author`'] }],
  },
  {
    name: 'a value that is none of an enumeration',
    code: "await tools.github.list_issues({ owner: 'a', repo: 'b', state: 'opened' })",
    found: [{ line: 1, text: ['`state`', '"open"', 'not "opened"'] }],
  },
  {
    name: 'no arguments where there must be some',
    code: 'await tools.files.read()',
    found: [{ line: 1, text: ['is called without its arguments', 'tools.files.read({ path: string })'] }],
  },
  {
    name: 'arguments one by one',
    code: "await tools.files.read({ path: 'a' }, 2)",
    found: [{ line: 1, text: ['takes one object of named arguments'] }],
  },
  {
    name: 'a bare value',
    code: "await tools.files.read('a.txt')",
    found: [{ line: 1, text: ['takes one object of named arguments, not string', '{ path: string }'] }],
  },
  {
    name: 'arguments of a tool that takes none',
    code: 'await tools.files.now({ zone: 1 })',
    found: [{ line: 1, text: ['takes no `zone`'] }],
  },
  {
    name: 'a tool by its native name',
    code: "await tools.github['close-issue']({ id: '5' })",
    found: [{ line: 1, text: ['`id` of tools.github.close_issue takes number, not string'] }],
  },
  {
    name: 'a tool by an alias',
    code: "const { list_issues: list } = tools.github\n\nawait list({ owner: 'a' })",
    found: [{ line: 3, text: ['lacks `repo`', LIST] }],
  },
  {
    name: 'a server that does not exist',
    code: 'await tools.gihub.list_issues({})',
    found: [{ line: 1, text: ['tools.gihub does not exist', 'Did you mean tools.github?'] }],
  },
  {
    name: 'a tool that does not exist',
    code: 'const a = 1\nawait tools.github.list_isues({})',
    found: [{ line: 2, text: ['tools.github has no tool `list_isues`', `Did you mean ${LIST}`] }],
  },
  {
    name: 'names in brackets that do not exist',
    code: "await tools['gihub'].list_issues({})\nawait tools.github['close-isue']({ id: 1 })",
    found: [
      { line: 1, text: ['tools.gihub does not exist'] },
      { line: 2, text: ['`close-isue`', 'tools.github.close_issue({ id: number })'] },
    ],
  },
  {
    name: 'a tool that is hidden, like one that does not exist',
    code: 'await tools.vault.read_secret()\nawait tools.vaul.read_secret()',
    found: [
      { line: 1, text: ['tools.vault does not exist. There are tools.bare, tools.files, tools.github.'] },
      { line: 2, text: ['tools.vaul does not exist. There are tools.bare, tools.files, tools.github.'] },
    ],
  },
  {
    name: 'a server that is called',
    code: "await tools.github({ owner: 'a' })",
    found: [{ line: 1, text: ['cannot be called', 'tools.github'] }],
  },
  {
    name: 'a member that a declared result has not',
    code: `const r = await tools.github.list_issues(${OK})\nreturn r.itms`,
    found: [
      { line: 2, text: ['The result of tools.github.list_issues has no `itms`', '`items`', 'Expected: '] },
    ],
  },
  {
    name: 'a member that a part of a declared result has not',
    code: `const { items } = await tools.github.list_issues(${OK})\nreturn items.map((issue) => issue.titel)`,
    found: [{ line: 2, text: ['`titel` does not exist', 'Did you mean `title`?', 'title: string'] }],
  },
  {
    name: 'a member that is taken out and is not there',
    code: `const { issues } = await tools.github.list_issues(${OK})\nreturn issues`,
    found: [{ line: 1, text: ['The result of tools.github.list_issues has no `issues`'] }],
  },
  {
    name: 'a loop over what is no list',
    code: `const r = await tools.github.list_issues(${OK})\nfor (const issue of r) console.log(issue)`,
    found: [{ line: 2, text: ['`r` is no list'] }],
  },
  {
    name: 'await that is missing before a member',
    code: "const file = tools.files.read({ path: 'a' })\nreturn file.content",
    found: [{ line: 2, text: ['`content`', 'promise', 'await'] }],
  },
  {
    name: 'await that is missing before a list',
    code: `const { items } = tools.github.list_issues(${OK})\nfor (const a of tools.files.now()) {}`,
    found: [
      { line: 1, text: ['await'] },
      { line: 2, text: ['await'] },
    ],
  },
  {
    name: 'await that is missing in a comparison and a sum',
    code: 'const time = tools.files.now()\nif (time === 1) return 2\nreturn time + 1',
    found: [
      { line: 2, text: ['`time === 1`', 'await'] },
      { line: 3, text: ['`time + 1`', 'await'] },
    ],
  },
  {
    name: 'await that is missing in an argument',
    code: 'await tools.files.read({ path: tools.files.now() })',
    found: [{ line: 1, text: ['`path` of tools.files.read is given a promise', 'await'] }],
  },
  {
    name: 'await that is missing in a text',
    code: 'const time = tools.files.now()\nconsole.log(`${time}`)\nreturn `${tools.files.now()}`',
    found: [
      { line: 2, severity: 'hint', text: ['[object Promise]', 'time'] },
      { line: 3, severity: 'hint', text: ['[object Promise]'] },
    ],
  },
  {
    name: 'a comparison that is never true',
    code: `const { items } = await tools.github.list_issues(${OK})\nreturn items.filter((issue) => issue.state === 'opened')`,
    found: [{ line: 2, severity: 'hint', text: ['never true', '"opened"'] }],
  },
  {
    name: 'names that a run has not',
    code: "setTimeout(() => {}, 1)\nawait fetch('https://a')\nconst fs = require('fs')\nreturn process.env.HOME",
    found: [
      { line: 1, text: ['`setTimeout` is not defined', 'timers'] },
      { line: 2, text: ['`fetch` is not defined', 'network'] },
      { line: 3, text: ['`require` is not defined', 'modules'] },
      { line: 4, text: ['`process` is not defined'] },
    ],
  },
  {
    name: 'names of ECMAScript that were taken away',
    code: "new WeakRef({})\nreturn eval('1')",
    found: [
      { line: 1, text: ['`WeakRef`'] },
      { line: 2, text: ['`eval`'] },
    ],
  },
  {
    name: 'a name that is spelt wrongly',
    code: 'const issues = [1]\nreturn isues.length',
    found: [{ line: 2, text: ['`isues` is not defined', '`issues`'] }],
  },
  {
    name: 'a name that is not defined in shorthand',
    code: 'return { owner }',
    found: [{ line: 1, text: ['`owner` is not defined'] }],
  },
  {
    name: 'a method that ECMAScript has not',
    code: 'const list = [1]\nreturn list.contains(1)',
    found: [{ line: 2, text: ['`contains`'] }],
  },
  {
    name: 'what is no function',
    code: 'const size = 3\nreturn size()',
    found: [{ line: 2, text: ['`size` cannot be called'] }],
  },
  {
    name: 'a constant that is assigned',
    code: 'const n = 1\nn = 2',
    found: [{ line: 2, text: ['`n` is a constant'] }],
  },
  {
    name: 'a name before its declaration',
    code: 'console.log(n)\nconst n = 1',
    found: [{ line: 1, text: ['`n` is used before its declaration'] }],
  },
  {
    name: 'await in a function that is not async',
    code: 'return [1].map((n) => await tools.files.now())',
    found: [{ line: 1, text: ['async'] }],
  },
  {
    name: 'a mistake in a fence',
    code: '\n```ts\n\nawait tools.files.read({ path: 1 })\n```\n',
    found: [{ line: 4, text: ['`path`'] }],
  },
  ...[
    'async ({ tools }) => {\n  await tools.files.read({ path: 1 })\n}',
    'async (tools) => {\n  await tools.files.read({ path: 1 })\n}',
    '(async function ({ tools }) {\n  await tools.files.read({ path: 1 })\n})',
    'async function main({ tools, console }) {\n  await tools.files.read({ path: 1 })\n}',
    'export default async function ({ tools }) {\n  await tools.files.read({ path: 1 })\n}',
    'export default async ({ tools }) => {\n  await tools.files.read({ path: 1 })\n}',
    'async (t) => {\n  await t.files.read({ path: 1 })\n}',
    'async ({ tools: t }) => {\n  await t.files.read({ path: 1 })\n}',
    'const run = async (tools): Promise<void> => {\n  await tools.files.read({ path: 1 })\n}',
  ].map((code) => ({
    name: `a mistake in: ${code.split('\n')[0]}`,
    code,
    found: [{ line: 2, text: ['`path` of tools.files.read takes string, not number'] }],
  })),
]
