import { expect, test } from 'vitest'
import fc from 'fast-check'
import { parseJson } from '../../src/config/document/json.ts'
import { toPlain } from '../../src/config/document/tree.ts'
import { parseYaml } from '../../src/config/document/yaml.ts'
import { GatewayError } from '../../src/core/errors.ts'
import { loadConfig } from '../../src/config/load.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { check, configOf, filesOf, issuesOf } from './ports.ts'

const json = { path: '/x/isogate.json' }

test.each([
  ['a: [1', 'not valid YAML'],
  ['mode: auto\nmode: code', '2:1 mode the key `mode` stands here twice'],
  ['<<: { mode: code }', 'merge keys'],
  ['__proto__: { mode: code }', 'the key `__proto__` is not allowed'],
  ['mode: !secret x', 'the tag `!secret` is not supported'],
  ['mode: !!binary aGk=', 'is not supported'],
  ['1: x', 'the key `1` is not text; put it in quotes'],
  ['? [a]\n: x', 'a key must be text'],
  ['mode: *gone', 'has no anchor before it'],
  ['servers: &s { a: *s }', 'refers to a value that contains it'],
  ['--- \nmode: code\n---\nmode: auto', 'several documents'],
  ['%YAML 1.1\n---\nmode: code', 'only YAML 1.2'],
  ['['.repeat(100_000), 'nested too deeply'],
  ['['.repeat(100) + ']'.repeat(100), 'nested 64 deep at most'],
])('YAML trap %#', async (text, message) => {
  expect((await issuesOf(text)).join('\n')).toContain(message)
})

test('an alias bomb is refused before it is unfolded', async () => {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
  for (let n = 1; n < 20; n++)
    lines.push(`a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join(',')}]`)
  expect((await issuesOf(lines.join('\n'))).join('\n')).toContain('more than 50000 values')
})

test('aliases are fine in measure', async () => {
  const config = await configOf(
    'servers: { a: { command: x, env: &e { A: b } }, b: { command: y, env: *e } }',
  )
  expect(config.servers['b']?.env).toEqual({ A: 'b' })
})

test('a byte order mark is not part of the document', async () => {
  expect((await configOf('\uFEFFmode: code')).mode).toBe('code')
  expect((await configOf('\uFEFF{"mode": "code"}', json)).mode).toBe('code')
})

test('JSON may have comments and trailing commas, and has line numbers', async () => {
  const text = '// c\n{ "mode": "code", /* d\n */ "http": {\n\t"port": 1.5, "x": "//", },\n}'
  expect(await issuesOf(text, json)).toEqual([
    '4:10 http.port expected a whole number; found a number with a fraction',
    '4:15 http.x unknown key `x`; known here: host, port, token, allowedHosts, allowedOrigins, maxBodyBytes',
  ])
})

test.each([
  ['{"mode" "code"}', '1:9  not valid JSON: a colon'],
  ['{"mode": "code"', 'a comma or `}`'],
  ['{"mode": "co\nde"}', 'not closed on its line'],
  ['{"mode": code}', 'a value should stand here'],
  ['{"mode": 01}', 'not valid JSON'],
  ['{} {}', 'more text after the end'],
  ['', 'ends where a value'],
  ['{ /* ', 'the comment is not closed'],
  ['{"mode": "auto", "mode": "code"}', 'stands here twice'],
  ['{"__proto__": {"mode": "code"}}', '`__proto__` is not allowed'],
  ['['.repeat(100_000), 'nested 64 deep at most'],
])('broken JSON %#', async (text, message) => {
  expect((await issuesOf(text, json)).join('\n')).toContain(message)
})

test('a megabyte of anything is read or refused in time that grows with it', () => {
  // Long texts without an end once made the reader backtrack for minutes.
  for (const text of [
    '"' + 'a'.repeat(2 ** 20),
    '"'.repeat(2 ** 20),
    '{"a":'.repeat(2 ** 17),
    '/*'.repeat(2 ** 19),
    ' '.repeat(2 ** 20),
  ]) {
    expect(parseJson(text).issues).toHaveLength(1)
  }
})

test('JSON is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 5 }), (text) => {
      fc.pre(!text.includes('__proto__'))
      const { root, issues } = parseJson(text)
      expect(issues).toEqual([])
      expect(JSON.stringify(toPlain(root))).toBe(JSON.stringify(JSON.parse(text)))
    }),
  )
})

test('YAML reads JSON as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3, stringUnit: 'grapheme-ascii' }), (text) => {
      fc.pre(!text.includes('__proto__') && !text.includes('<<') && text !== 'null')
      const { root, issues } = parseYaml(text)
      expect(issues).toEqual([])
      expect(JSON.stringify(toPlain(root))).toBe(JSON.stringify(JSON.parse(text)))
    }),
  )
})

const words = fc.constantFrom(
  'servers',
  'mcpServers',
  'a',
  'command',
  'url',
  'env',
  'tools',
  'allow',
  'policy',
  'http',
  'port',
  '__proto__',
  'constructor',
  'mode',
  '${env:A}',
  '${file:x}',
  '$${',
  '<<',
  '*a',
  '&a ',
  '!!str ',
  ': ',
  '- ',
  '\n',
  '  ',
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  "'",
  '\t',
  '#',
  '|',
  '>',
  '?',
  '%YAML 1.1',
  '---',
  '\uFEFF',
  '\0',
  '1e999',
  '.nan',
  'null',
  'true',
  '\\u',
)
const garbage = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(words, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.object({ key: fc.oneof(words, fc.string()), maxDepth: 4 }).map((value) => JSON.stringify(value)),
)

test.each(['isogate.yaml', 'isogate.json'])(
  'garbage in %s gives a configuration or a GatewayError, and pollutes nothing',
  async (name) => {
    const before = Object.getOwnPropertyNames(Object.prototype).join()
    await fc.assert(
      fc.asyncProperty(garbage, async (text) => {
        const options = { cwd: '/w', env: { A: '__proto__' }, readFile: filesOf({ [`/w/${name}`]: text }) }
        try {
          const { config, baseDir } = await loadConfig(options)
          compileConfig(config, baseDir)
        } catch (error) {
          expect(error).toBeInstanceOf(GatewayError)
        }
        expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(before)
      }),
      { numRuns: 1500 },
    )
  },
)

test('every issue has a place', async () => {
  await fc.assert(
    fc.asyncProperty(garbage, async (text) => {
      const checked = await check(text)
      for (const issue of checked.ok ? [] : checked.issues) {
        expect(issue.line).toBeGreaterThan(0)
        expect(issue.column).toBeGreaterThan(0)
      }
    }),
  )
})
