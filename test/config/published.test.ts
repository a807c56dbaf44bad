import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { renderJsonSchema, toJsonSchema } from '../../src/config/json-schema.ts'
import { withReference } from '../../src/config/reference.ts'
import { renderTemplate } from '../../src/config/template.ts'
import { check } from './ports.ts'

const docsUrl = new URL('../../docs/configuration.md', import.meta.url)
const docs = await readFile(docsUrl, 'utf8')

// Both files are written anew by `vitest run test/config/published.test.ts --update`.
test('isogate.schema.json is current', async () => {
  await expect(renderJsonSchema()).toMatchFileSnapshot('../../isogate.schema.json')
})

test('the reference in docs/configuration.md is current', async () => {
  await expect(withReference(docs)).toMatchFileSnapshot('../../docs/configuration.md')
})

test('every key of the schema is described', () => {
  const missing: string[] = []
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    const { properties = {}, additionalProperties } = schema as {
      properties?: object
      additionalProperties?: unknown
    }
    for (const [key, member] of Object.entries(properties)) {
      if (typeof (member as { description?: unknown }).description !== 'string')
        missing.push(`${path}.${key}`)
      walk(member, `${path}.${key}`)
    }
    walk(additionalProperties, `${path}.*`)
  }
  walk(toJsonSchema(), '')
  expect(missing).toEqual([])
})

const examples = [...docs.matchAll(/```(yaml|json)\n([^]*?)```/g)].map((match) => ({
  language: match[1],
  text: match[2] ?? '',
}))
const env = {
  GITHUB_TOKEN: 'x',
  BILLING_TOKEN: 'x',
  ISOGATE_TOKEN: 'x'.repeat(32),
  TOOLS_KEY: 'x',
}
const files = { '/etc/isogate/remote.token': 'x\n', '/run/secrets/isogate-token': 'y'.repeat(32) }

test('there are examples', () => {
  expect(examples.length).toBeGreaterThan(5)
})

test.each(examples)('example $# of the documentation is valid', async ({ language, text }) => {
  const checked = await check(text, { path: `/etc/isogate/isogate.${language}`, env, files })
  expect(checked).toMatchObject({ ok: true })
})

test('the JSON Schema accepts the examples as they are written, and refuses a mistyped key', () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(toJsonSchema())
  for (const text of [
    renderTemplate(),
    ...examples.filter(({ language }) => language === 'yaml').map((example) => example.text),
  ]) {
    expect(validate(parse(text)), JSON.stringify(validate.errors)).toBe(true)
  }
  expect(validate({ servers: { a: { comand: 'x' } } })).toBe(false)
  expect(validate({ servers: { 'a b': { command: 'x' } } })).toBe(false)
  expect(validate({ http: { port: 70_000 } })).toBe(false)
})
