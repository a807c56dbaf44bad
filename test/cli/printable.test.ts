import { PassThrough } from 'node:stream'

import { describe, expect, test } from 'vitest'

import { toJsonText, toLine, toOutput, toPrintable } from '../../src/cli/output/printable.ts'
import type { Output } from '../../src/cli/ports.ts'
import { renderResult } from '../../src/cli/tools/content.ts'

function output(isTerminal: boolean): Output {
  return { write: () => {}, isTerminal, columns: 80, stream: new PassThrough() }
}

describe('text of a stranger', () => {
  test.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['a title', '\u001b]0;owned\u0007text', 'text'],
    ['a link', '\u001b]8;;http://x/(a)\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['an open sequence', 'a\u001b]52;c;aGk=', 'a;aGk='],
    ['sequences in eight bits', '\u009b31mred\u009d0;t\u009c!', 'red!'],
    ['carriage return and backspace', 'good\rbad\b\b', 'goodbad'],
    ['direction marks', 'a\u202eb\u2066c', 'abc'],
    ['lines and tabs stay', 'a\n\tb', 'a\n\tb'],
  ])('%s', (_, text, expected) => {
    expect(toPrintable(text)).toBe(expected)
  })

  test('is left alone where no terminal reads it', () => {
    expect(toOutput('\u001b[31mred', output(false))).toBe('\u001b[31mred')
    expect(toOutput('\u001b[31mred', output(true))).toBe('red')
  })

  test('on one line, cut', () => {
    expect(toLine('a\n  b\u001b[1m c', 80)).toBe('a b c')
    expect(toLine('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`)
  })

  test('as JSON stays the same value, and does nothing to a terminal', () => {
    const value = { text: 'a\u001b[31m\u009b\u202e' }
    const json = toJsonText(value, output(true))
    expect(JSON.parse(json)).toEqual(value)
    // oxlint-disable-next-line no-control-regex
    expect(json).not.toMatch(/[\u001b\u009b\u202e]/)
  })
})

describe('a result', () => {
  const content = [
    { type: 'text', text: 'plain' },
    { type: 'image', data: 'AAAA', mimeType: 'image/png' },
    { type: 'resource_link', name: 'doc', uri: 'file:///doc' },
    { type: 'resource', resource: { uri: 'x:y', text: 'inside' } },
  ]

  test('text as it is, a line for the rest', () => {
    expect(renderResult({ content }, output(false))).toBe(
      'plain\n[image image/png 3 bytes; --json prints them]\n[link doc file:///doc]\ninside\n',
    )
  })

  test('text that only repeats the structured content is left out', () => {
    const result = {
      content: [
        { type: 'text', text: '{"a":1}' },
        { type: 'text', text: 'more' },
      ],
      structuredContent: { a: 1 },
    }
    expect(renderResult(result, output(false))).toBe('more\n{\n  "a": 1\n}\n')
  })
})
