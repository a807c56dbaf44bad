import { describe, expect, test } from 'vitest'
import { createLineFramer, identifyOversize } from '../../src/mcp/frames.ts'

function frame(maxBytes: number, chunks: readonly string[]): string[] {
  const seen: string[] = []
  const push = createLineFramer(maxBytes, {
    line: (bytes) => seen.push(bytes.toString('utf8')),
    oversize: ({ bytes }) => seen.push(`oversize ${bytes}`),
  })
  for (const chunk of chunks) push(Buffer.from(chunk))
  return seen
}

describe('lines', () => {
  test('are the same, however the bytes are cut', () => {
    const text = 'one\ntwo ü\n\nfour\n'
    for (let at = 0; at <= text.length; at++) {
      const bytes = Buffer.from(text)
      const seen: string[] = []
      const push = createLineFramer(100, { line: (line) => seen.push(line.toString()), oversize: () => {} })
      push(bytes.subarray(0, at))
      push(bytes.subarray(at))
      expect(seen).toEqual(['one', 'two ü', 'four'])
    }
  })

  test('that are too long are dropped, and the next is read', () => {
    expect(frame(5, ['12345\n', '123456\n', 'ok\n'])).toEqual(['12345', 'oversize 6', 'ok'])
    expect(frame(5, ['1234', '5678', '9\nok', '\n'])).toEqual(['oversize 9', 'ok'])
  })
})

describe('the message that a dropped line was', () => {
  const identify = (head: string, tail: string): unknown => identifyOversize({ head, tail, bytes: 1 })

  test('is known by an id that comes first or last', () => {
    expect(identify('{"jsonrpc":"2.0","id":17,"result":{"id":3,"te', 'xx"}}')).toEqual({ answer: 17 })
    expect(identify('{ "id" : "a-1" , "jsonrpc":"2.0","result":{', 'xx"}}')).toEqual({ answer: 'a-1' })
    expect(identify('{"result":{"id":3,"x', 'xx"},"jsonrpc":"2.0","id":17}')).toEqual({ answer: 17 })
    expect(identify('{"result":{"id":3,"x', 'xx"},"id":17,"jsonrpc":"2.0"}\r')).toEqual({ answer: 17 })
  })

  test('is not guessed from an id inside the result', () => {
    expect(identify('{"result":{"id":3,"x', '"id":4}}')).toBe('unknown')
    expect(identify('{"result":{"id":3,"x', '"a","id":4}]}')).toBe('unknown')
  })

  test('is no answer where the server asks or tells', () => {
    expect(identify('{"jsonrpc":"2.0","method":"notifications/message","params":{', '"}}')).toBe(
      'not-an-answer',
    )
    expect(identify('{"jsonrpc":"2.0","id":17,"method":"sampling/createMessage",', '"}}')).toBe(
      'not-an-answer',
    )
  })
})
