import { expect } from 'vitest'

import { attacks } from './harness.ts'

const own = (tool: string): string =>
  `return await tools.$isogate[${JSON.stringify(tool)}]({}).then(() => 'RAN', (error) => error.code)`

attacks('what the language offers is all that its server has', {
  ...Object.fromEntries(
    [
      'approve',
      'run_script',
      'constructor',
      '__proto__',
      'hasOwnProperty',
      'search ',
      '',
      'x'.repeat(300),
    ].map((tool) => [
      `tools.$isogate[${JSON.stringify(tool.slice(0, 20))}]`,
      {
        code: own(tool),
        ends: ['ok', 'script_error'],
        check: ({ text }: { text: string }) => expect(text).not.toBe('RAN'),
      },
    ]),
  ),
  'spellings of its name': {
    code: `const codes = []
      for (const server of ['$isogate ', '$Isogate', 'isogate', '$', '$isogate.', '$isogate\\0']) codes.push(await tools[server].search({ query: 'x' }).then(() => 'RAN', (error) => error.code))
      return codes.join()`,
    ends: ['ok'],
    check: ({ text }) => expect(text).not.toContain('RAN'),
  },
  'arguments of every kind': {
    code: `const ends = []
      for (const given of [undefined, null, 1, [], {}, { query: {} }, { query: 'x'.repeat(10_000) }, { query: 'x', limit: 1e9 }, { tools: Array(500).fill('a.b') }, Symbol('s'), () => 1, new Proxy({}, { get() { throw 1 } })]) {
        for (const use of [tools.$search, tools.$describe, runs.open]) ends.push(await Promise.resolve().then(() => use(given)).then(() => 'ok', () => 'error'))
      }
      return ends.length`,
    ends: ['ok'],
    check: ({ text }) => expect(text).toBe('36'),
  },
  'handles that are made up': {
    code: `const codes = []
      for (const handle of ['', '../x', 'a'.repeat(10_000), '__proto__', '1 OR 1=1', 'h_0000']) codes.push(await runs.open(handle).then(() => 'RAN', (error) => error.code))
      return codes.join()`,
    ends: ['ok'],
    check: ({ text }) => expect(text).not.toContain('RAN'),
  },
  'a flood of searches': {
    code: "let n = 0\ntry { for (;; n++) await tools.$search('add') } catch (error) { return [n, error.code] }",
    ends: ['ok'],
    check: ({ text }) => expect(text).toContain('script_limit'),
  },
})
