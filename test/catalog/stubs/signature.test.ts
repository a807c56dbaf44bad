import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { printSignature } from '../../../src/catalog/stubs/signature.ts'
import { firstSentence } from '../../../src/catalog/stubs/text.ts'
import { catalogOf, toolSpec } from '../tool-specs.ts'

function sign(
  inputSchema: JsonObject,
  parts: { description?: string; outputSchema?: JsonObject } = {},
): string {
  const spec = toolSpec('s', 't', { inputSchema, ...parts })
  return printSignature(spec, catalogOf(spec).names)
}

const text = { type: 'string' }
const strings = (...names: string[]): JsonObject => Object.fromEntries(names.map((name) => [name, text]))

describe('printSignature', () => {
  test('is one line that can be called from', () => {
    expect(
      sign(
        {
          properties: { state: { enum: ['open', 'closed'] }, ...strings('owner', 'repo') },
          required: ['owner', 'repo'],
        },
        {
          description: 'Lists issues. And more.',
          outputSchema: { properties: { total: { type: 'number' } }, required: ['total'] },
        },
      ),
    ).toBe(
      'tools.s.t({ owner: string, repo: string, state?: "open"|"closed" }): Promise<{ total: number }> // Lists issues',
    )
  })

  test('leaves the path to a heading', () => {
    const spec = toolSpec('my-server', 'do-it')
    expect(printSignature(spec, catalogOf(spec).names, 'name')).toBe('do_it(): Promise<unknown>')
  })

  test('a parameter that may be left out loses its type first, then its name', () => {
    expect(sign({ properties: strings('a', 'b', 'c', 'd', 'e', 'f', 'g') })).toBe(
      'tools.s.t({ a?, b?, c?, d?, e?, f?, g? }): Promise<unknown>',
    )
    const many = strings(...Array.from({ length: 30 }, (_, at) => `parameter${at}`))
    expect(sign({ properties: many })).toMatch(
      /^tools\.s\.t\(\{ parameter0\?, .*…\d+ more \}\): Promise<unknown>$/,
    )
  })

  test('a required one is always there', () => {
    const names = Array.from({ length: 20 }, (_, at) => `parameter${at}`)
    const line = sign({ properties: strings(...names), required: names })
    for (const name of names) expect(line).toContain(`${name}: string`)
  })

  test.each<[JsonObject, string]>([
    [{ type: 'object', properties: strings('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h') }, 'object'],
    [
      { type: 'array', items: { type: 'object', properties: strings('id'), required: ['id'] } },
      '{ id: string }[]',
    ],
    [{ type: 'array', items: { type: ['string', 'null'] } }, '(string | null)[]'],
    [{ type: 'array', items: { enum: ['a', 'b'] } }, '("a"|"b")[]'],
    [
      { items: { anyOf: [{ properties: { a: text } }, { properties: { b: text } }] } },
      '({ a?: string } | { b?: string })[]',
    ],
    [
      { enum: Array.from({ length: 40 }, (_, at) => `value${at}`) },
      '"value0"|"value1"|"value2"|"value3"|"value4"|…',
    ],
    [{ additionalProperties: text }, 'Record<string, string>'],
    [{ $ref: '#/$defs/N', $defs: {} }, 'unknown'],
  ])('%j is short', (schema, expected) => {
    expect(sign({ properties: { x: schema }, required: ['x'] })).toContain(`x: ${expected}`)
  })

  test.each([
    ['Delivers letters through the relay of the house to anybody on earth.', / \/\/ Delivers letters[^.]*…$/],
    ['按照用户的要求把一封很长的电子邮件发送到世界上任何一个地方的收件人', / \/\/ 按照用.*…$/],
    ['Sends mail.', / \/\/ Sends mail$/],
    ['Sends the mail with a body and a subject to an address of somebody far away.', /Promise<unknown>$/],
    ['Returns a description of what has been sent by whom to whom and when.', /Promise<unknown>$/],
  ])(
    'a long path leaves the sentence less, and half of one must add more than a word: %j',
    (description, end) => {
      const own = strings('address', 'subject', 'body')
      const spec = toolSpec('a_very_long_name_of_a_server_that_somebody_chose', 'send_mail', {
        description,
        inputSchema: { properties: own, required: Object.keys(own) },
      })
      expect(printSignature(spec, catalogOf(spec).names)).toMatch(end)
    },
  )

  test('recursion ends', () => {
    const line = sign({ properties: { x: { $ref: '#' } }, required: ['x'] })
    expect(line.length).toBeLessThan(120)
  })
})

describe('firstSentence', () => {
  test.each([
    ['Lists issues. More.', 'Lists issues'],
    ['Uses api.v2 of example.com. More.', 'Uses api.v2 of example.com'],
    ['No full stop', 'No full stop'],
    ['Really?! Yes.', 'Really?!'],
    ['获取价格。更多。', '获取价格'],
    ['  \n\n Lists\n issues.\n', 'Lists issues'],
    ['', ''],
    ['one two three four five six seven', 'one two three four…'],
  ])('%j gives %j', (description, expected) => {
    expect(firstSentence(description, 20 + (expected.length > 20 ? 30 : 0))).toBe(expected)
  })
})
