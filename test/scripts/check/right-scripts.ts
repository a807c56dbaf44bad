/** Scripts that run, written as models write them. A report on any of them would cost a turn for nothing. */
export const RIGHT_SCRIPTS: Readonly<Record<string, string>> = {
  'a value': 'return 1 + 1',
  nothing: '',
  'both spellings': "await tools.github.close_issue({ id: 1 })\nawait tools.github['close-issue']({ id: 1 })",
  'brackets and optional chaining':
    "await tools['github']['list_issues']({ owner: 'a', repo: 'b' })\nreturn tools?.github?.list_issues?.({ owner: 'a', repo: 'b' })",
  'a declared result':
    "const { items } = await tools.github.list_issues({ owner: 'a', repo: 'b' })\nreturn items.map(({ id, title }) => `${id} ${title.trim()}`)",
  'a result of which nothing is declared':
    "const file = await tools.files.read({ path: 'a' })\nreturn file.content.split('\\n').map((line) => line.length)",
  'a member of which nothing is declared':
    "const { items } = await tools.github.list_issues({ owner: 'a', repo: 'b' })\nreturn items[0].extra.deep.er",
  'members of any of several results':
    "const found = await tools.files.stat({ path: 'a' })\nif (found.reason) return found.reason\nreturn found.size",
  'arguments of a tool that says nothing of them':
    'await tools.bare.go({ anything: 1 })\nreturn tools.bare.go()',
  'no arguments': 'await tools.files.now()\nreturn tools.files.now({})',
  'in parallel':
    "const [a, b] = await Promise.all([tools.files.now(), tools.files.read({ path: 'a' })])\nreturn [a.iso, b.text]",
  'all settled':
    "const results = await Promise.allSettled(['a', 'b'].map((path) => tools.files.read({ path })))\nreturn results.filter((r) => r.status === 'rejected').map((r) => r.reason.message)",
  'errors of tools':
    'try { await tools.files.now() } catch (error) {\n  if (error instanceof ToolError && error.retryable) return error.code\n  console.log(error.name, error.tool)\n}',
  aliases:
    "const gh = tools.github\nconst { list_issues: list, 'close-issue': close } = gh\nawait list({ owner: 'a', repo: 'b' })\nawait close({ id: 1 })\nreturn gh.close_issue({ id: 2 })",
  'tools under another name': "const all = tools\nreturn all.files.read({ path: 'a' })",
  'a name that is computed': "const name = 'files'\nreturn tools[name].read({ path: 1 })",
  'a value that was widened':
    "const query = { owner: 'a', repo: 'b', state: 'open', labels: ['bug'] }\nreturn tools.github.list_issues(query)",
  'a value from a list':
    "for (const state of ['open', 'closed']) await tools.github.list_issues({ owner: 'a', repo: 'b', state })",
  'an object that is filled later':
    "const query = {}\nquery.owner = 'a'\nquery.repo = 'b'\nawait tools.github.list_issues(query)\nreturn tools.github.list_issues({ ...query, state: 'open' })",
  'an object that grows':
    'const counts = {}\nfor (const word of ["a"]) counts[word] = (counts[word] || 0) + 1\nconst seen = { n: 0 }\nseen.more = 1\nreturn [counts.a, seen.more]',
  'reduce into an object':
    "const { items } = await tools.github.list_issues({ owner: 'a', repo: 'b' })\nreturn items.reduce((sum, issue) => { (sum[issue.state] ??= []).push(issue.id); return sum }, {})",
  'functions without types':
    'function add(a, b = 1, options = {}) { return a + b + (options.more || 0) }\nconst half = (n) => n / 2\nreturn [add(1), add("a", "b", { more: 1 }), half(3)]',
  'one function that takes something else':
    'const long = (rows) => rows.filter((row) => row.length > 3)\nreturn long(["abcd"]).length',
  'one function with the name of an entry that takes something else':
    'function run(rows) { return rows.length }\nreturn run([1])',
  'a function that is chosen': 'const by = 1 > 0 ? (a) => a.id : (a) => a.name\nreturn [{ id: 1 }].map(by)',
  'a class without types':
    'class Counter { constructor(n) { this.n = n }\n  next() { return (this.n += 1) + (this.step || 0) } }\nreturn new Counter(1).next()',
  'a name that changes its type':
    "let best = 0\nbest = (await tools.github.list_issues({ owner: 'a', repo: 'b' })).items[0]\nreturn best.title",
  'null at first':
    'let best = null\nfor (const n of [1, 2]) if (best === null || n > best) best = n\nreturn best',
  'loose arithmetic':
    "const { items } = await tools.github.list_issues({ owner: 'a', repo: 'b' })\nreturn items.sort((a, b) => new Date(a.title) - new Date(b.title)).map((i) => parseInt(i.id))",
  'loose calls of ECMAScript':
    'return [parseInt(5), isNaN("a"), [1].includes("a"), JSON.parse({}), Math.max("1", 2)]',
  'what Node 24 has':
    'const groups = Object.groupBy([1, 2], (n) => n % 2)\nreturn [groups, [3, 1].toSorted(), new Set([1]).union(new Set([2])), [1].values().map((n) => n).toArray(), RegExp.escape("a"), await Array.fromAsync([1])]',
  'asking whether something is there':
    "return typeof fetch === 'undefined' && typeof process === 'undefined'",
  'names of types that are not there':
    'const bytes: Buffer = await tools.files.now()\nreturn (bytes as Response).ok',
  TypeScript:
    "interface Row { id: number }\nenum Kind { A, B }\nconst rows: Row[] = []\nconst kind: Kind = Kind.A\nfunction pick<T extends object, K extends keyof T>(row: T, key: K): T[K] { return row[key] }\nreturn rows.map((row) => pick(row, 'id')) satisfies number[]",
  'search and descriptions':
    "const { tools: found, total } = await tools.$search('issues')\nconst page = await tools.$search({ query: 'a', server: 'github', limit: 5 })\nreturn [found[0].signature, total, page.nextCursor, await tools.$describe(found.map(({ name }) => name))]",
  'a handle and an input': "const rows = await runs.open('r1')\nreturn rows.slice(0, input.limit)",
  'a fence': "```ts\nreturn tools.files.read({ path: 'a' })\n```",
  'a fence of another kind': '~~~\nreturn tools.files.now()\n~~~\n',
  'an arrow function': 'async () => {\n  return (await tools.files.now()).iso\n}',
  'an arrow function with tools':
    'async ({ tools, console }) => {\n  console.log(await tools.files.now())\n}',
  'an arrow function in parentheses': "(async (tools) => {\n  return tools.files.read({ path: 'a' })\n});",
  'a function expression': '(async function () { return tools.files.now() })',
  'a named function':
    "// reads\nasync function main({ tools }) {\n  return tools.files.read({ path: 'a' })\n}",
  'a named function among others':
    "const twice = (n) => n * 2\nfunction label(tools) { return tools.length }\nexport async function run(t) {\n  return [twice(2), label('abc'), await t.files.now()]\n}",
  'a default export':
    "export default async function ({ tools }) {\n  return tools.files.read({ path: 'a' })\n}",
  'a default export with a name':
    'export default async function main() { return helper() }\nfunction helper() { return 1 }',
  'a default export of an arrow function':
    'export default async ({ tools }) => (await tools.files.now()).iso',
  'a default export of an object': 'export default { a: 1, b: 2 }',
  'a function that calls itself': 'async function main() { return 1 }\nawait main()',
  'the last expression': "const words = ['a']\nwords.length",
  'a comment at the end': 'return 1 // done',
  'tools in texts and comments':
    "// tools.nowhere.at_all()\nconst text = 'tools.github.nothing()'\nreturn `${text} tools.files.none ${/tools.nowhere/.test(text)}`",
  'a promise that is waited for later':
    "const pending = tools.files.read({ path: 'a' })\nconst other = await tools.files.now()\nreturn `${(await pending).text} ${other}`",
  'a promise in a member':
    'const job = { promise: tools.files.now() }\nreturn job.missing ?? (await job.promise)',
  'code that is never reached': "return 1\nconsole.log('never')",
  'more than one server':
    'return { a: await tools.files.now(), b: await tools.github.close_issue({ id: 1 }) }',
}
