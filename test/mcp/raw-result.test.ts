import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { isJsonObject, type JsonObject } from '../../src/core/json.ts'
import { toResult } from '../../src/mcp/map.ts'
import { keepResultBytes, writtenOf } from '../../src/mcp/raw-result.ts'

/** Long enough to be worth it. */
const FILLER = 'x'.repeat(3_000)

/** What is remembered of a message that came as this text. */
function written(text: string): string | undefined {
  const message = JSON.parse(text) as JsonObject
  keepResultBytes(message, Buffer.from(text))
  return isJsonObject(message['result']) ? writtenOf(message['result'])?.bytes.toString('utf8') : undefined
}

const message = (result: unknown): string => JSON.stringify({ jsonrpc: '2.0', id: 1_000_001, result })

describe('the bytes of a result', () => {
  test('are those of any result, whatever is in it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (extra, isPretty) => {
        const result = { ...extra, content: [{ type: 'text', text: FILLER }] }
        fc.pre(!('resultType' in extra))
        const text = JSON.stringify({ jsonrpc: '2.0', id: 1_000_001, result }, undefined, isPretty ? 2 : 0)
        expect(JSON.parse(written(text) ?? 'null')).toEqual(JSON.parse(JSON.stringify(result)))
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['a second result', `{"jsonrpc":"2.0","id":1,"result":{"a":"${FILLER}"},"result":{"b":1}}`],
    ['a second id', `{"jsonrpc":"2.0","id":1,"result":{"a":"${FILLER}"},"id":2}`],
    ['another member behind it', `{"jsonrpc":"2.0","id":1,"result":{"a":"${FILLER}"},"x":{"y":1}}`],
    ['another member before it', `{"jsonrpc":"2.0","id":1,"x":1,"result":{"a":"${FILLER}"}}`],
    ['an id that is a text', `{"jsonrpc":"2.0","id":"\\"result\\":{}","result":{"a":"${FILLER}"}}`],
    ['the result first', `{"result":{"a":"${FILLER}"},"jsonrpc":"2.0","id":1}`],
    ['a list for a result', `{"jsonrpc":"2.0","id":1,"result":["${FILLER}"]}`],
    ['a resultType that nobody knows', message({ resultType: 'task', content: [FILLER] })],
    ['little to gain', message({ content: [] })],
  ])('are not known where there is %s', (_what, text) => {
    expect(written(text)).toBeUndefined()
  })

  test('are not fooled by brackets and quotes in texts', () => {
    const result = { content: [{ type: 'text', text: `}"],{[\\" ${FILLER} \\\\` }], 'a}"b': '{' }
    expect(JSON.parse(written(message(result)) ?? 'null')).toEqual(result)
  })

  test('go with the result that stands for them, and with no copy of it', () => {
    const text = message({ content: [{ type: 'text', text: FILLER }] })
    const parsed = JSON.parse(text) as { readonly result: JsonObject }
    keepResultBytes({ ...parsed }, Buffer.from(text))
    const result = toResult('server', parsed.result, 'legacy')
    expect(writtenOf(result)).toBeDefined()
    expect(writtenOf({ ...result })).toBeUndefined()
    expect(writtenOf(Object.assign({}, result, { content: [] }))).toBeUndefined()
  })

  test('are not those of a result whose content had to be made up', () => {
    const text = message({ structuredContent: { text: FILLER } })
    const parsed = JSON.parse(text) as { readonly result: JsonObject }
    keepResultBytes({ ...parsed }, Buffer.from(text))
    const result = toResult('server', parsed.result, 'legacy')
    expect(result.content).toEqual([])
    expect(writtenOf(result)).toBeUndefined()
  })
})
