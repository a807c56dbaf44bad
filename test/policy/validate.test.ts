import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { describe, expect, test } from 'vitest'

import type { JsonObject } from '../../src/core/json.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import type { ToolSpec } from '../../src/core/tool.ts'
import { createArgumentValidator } from '../../src/policy/arguments.ts'
import { createValidateLayer } from '../../src/policy/layers/validate.ts'
import { callOf } from './call-of.ts'

/** Sends arguments through the layer alone, for a tool with the schema. */
function check(inputSchema: JsonObject, args: JsonObject): Promise<Result> {
  const spec: ToolSpec = { ref: { server: 'alpha', name: 'read' }, inputSchema, definition: {} }
  const handler = createValidateLayer(createArgumentValidator(), () => spec)(async () => textResult('passed'))
  return (async () => handler(callOf('alpha.read', args)))()
}

const DIALECTS: readonly [string, JsonObject][] = [
  ['draft-07', { $schema: 'http://json-schema.org/draft-07/schema#' }],
  ['2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema' }],
  ['no $schema', {}],
  ['an unknown $schema', { $schema: 'https://example.com/of-my-own' }],
]

describe.each(DIALECTS)('a schema of %s', (_name, dialect) => {
  const schema: JsonObject = {
    ...dialect,
    type: 'object',
    properties: {
      path: { type: 'string' },
      depth: { type: 'integer', minimum: 0 },
      kind: { enum: ['a', 'b'] },
    },
    required: ['path'],
    additionalProperties: false,
  }

  test('lets arguments pass that fit', async () => {
    expect(await check(schema, { path: '/', depth: 2, kind: 'a' })).toEqual(textResult('passed'))
  })

  test.each([
    ['a missing argument, by its name', {}, '`path`'],
    ['a wrong type, by the place', { path: 1 }, '`path` must be string'],
    ['an unknown argument, by its name', { path: '/', pth: 1 }, '`pth`'],
    ['a value that is none of the known, with the known', { path: '/', kind: 'c' }, '["a","b"]'],
    ['a number out of range', { path: '/', depth: -1 }, '`depth`'],
  ])('refuses %s', async (_what, args: JsonObject, said) => {
    await expect(check(schema, args)).rejects.toMatchObject({
      code: 'invalid_arguments',
      message: expect.stringContaining(said) as string,
      detail: { tool: 'alpha.read' },
    })
  })
})

describe('what only one dialect has', () => {
  test('is understood in draft-07: items as a list', async () => {
    const schema: JsonObject = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { pair: { type: 'array', items: [{ type: 'string' }, { type: 'number' }] } },
    }
    expect(await check(schema, { pair: ['a', 1] })).toEqual(textResult('passed'))
    await expect(check(schema, { pair: [1, 'a'] })).rejects.toMatchObject({ code: 'invalid_arguments' })
  })

  test('is understood in 2020-12: prefixItems and local references', async () => {
    const schema: JsonObject = {
      type: 'object',
      properties: { pair: { type: 'array', prefixItems: [{ $ref: '#/$defs/word' }, { type: 'number' }] } },
      $defs: { word: { type: 'string' } },
    }
    expect(await check(schema, { pair: ['a', 1] })).toEqual(textResult('passed'))
    await expect(check(schema, { pair: [1, 1] })).rejects.toMatchObject({ code: 'invalid_arguments' })
  })
})

describe('a schema that cannot be compiled checks nothing', () => {
  test.each<[string, JsonObject]>([
    ['a type that there is not', { type: 'object', properties: { a: { type: 'strnig' } } }],
    ['a reference to nowhere', { type: 'object', properties: { a: { $ref: '#/$defs/missing' } } }],
    ['properties that are a list', { type: 'object', properties: ['a'] }],
    ['an enum that is no list', { type: 'object', properties: { a: { enum: 'x' } } }],
  ])('%s', async (_what, schema) => {
    expect(await check(schema, { a: 1 })).toEqual(textResult('passed'))
  })

  test('a schema of a megabyte', async () => {
    const properties = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [`property_${index}`, { type: 'string', maxLength: 10 }]),
    )
    expect(await check({ type: 'object', properties }, { property_1: 1 })).toEqual(textResult('passed'))
  })

  test('a reference to another machine, which is never fetched', async () => {
    let requests = 0
    const server = createServer((_request, response) => {
      requests += 1
      response.end('{}')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const $ref = `http://127.0.0.1:${(server.address() as AddressInfo).port}/schema.json`
      const schema: JsonObject = { type: 'object', properties: { a: { $ref } } }
      expect(await check(schema, { a: 1 })).toEqual(textResult('passed'))
      expect(requests).toBe(0)
    } finally {
      server.close()
    }
  })
})

test('two tools with one $id do not disturb each other', async () => {
  const validator = createArgumentValidator()
  const spec = (type: string): ToolSpec => ({
    ref: { server: 'alpha', name: type },
    inputSchema: { $id: 'https://example.com/same', type: 'object', properties: { a: { type } } },
    definition: {},
  })
  const [text, number] = [spec('string'), spec('number')]
  expect(validator.problems(text, { a: 'x' })).toEqual([])
  expect(validator.problems(number, { a: 1 })).toEqual([])
  expect(validator.problems(number, { a: 'x' })).toHaveLength(1)
})

test('names of prototypes are names like others', async () => {
  const schema: JsonObject = { type: 'object', properties: {}, additionalProperties: false }
  const args = JSON.parse('{"__proto__":{"a":1}}') as JsonObject
  await expect(check(schema, args)).rejects.toMatchObject({ code: 'invalid_arguments' })
  await expect(check({ type: 'object', required: ['toString'] }, {})).rejects.toMatchObject({
    code: 'invalid_arguments',
  })
  const optional: JsonObject = { type: 'object', properties: { constructor: { type: 'string' } } }
  expect(await check(optional, {})).toEqual(textResult('passed'))
})

test('a tool that is not known to the layer is not checked', async () => {
  const handler = createValidateLayer(
    createArgumentValidator(),
    () => undefined,
  )(async () => textResult('passed'))
  expect(await handler(callOf('alpha.read', { anything: 1 }))).toEqual(textResult('passed'))
})

test('a thousand mistakes are told as a few', async () => {
  const args = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`wrong_${index}`, index]))
  const error: unknown = await check({ type: 'object', additionalProperties: false }, args).catch(
    (thrown: unknown) => thrown,
  )
  expect((error as Error).message.length).toBeLessThan(1_000)
})
