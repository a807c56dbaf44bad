import { describe, expect, it } from 'vitest'

import { prepareScript } from '../../../../sandbox/cell/script/prepare.ts'
import { toCheckSource } from '../../../../src/scripts/check/script/source.ts'
import { RIGHT_SCRIPTS } from '../right-scripts.ts'

describe('source of a check', () => {
  it.each(Object.entries(RIGHT_SCRIPTS))('is made of a script that a cell takes: %s', (_, code) => {
    expect(() => prepareScript(code)).not.toThrow()
  })

  it.each(Object.entries(RIGHT_SCRIPTS))('leads back to the submitted text: %s', (_, code) => {
    const { text, tokens, toSubmitted } = toCheckSource(code)
    for (const { text: name, kind } of tokens.list) {
      if (kind !== 'name' || name.length < 4 || name === 'export' || name === 'default') continue
      const places = [
        ...text.matchAll(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g')),
      ]
      const back = places.map(({ index }) => toSubmitted(index)).filter((at) => code.startsWith(name, at))
      expect(back.length).toBeGreaterThan(0)
    }
  })

  it('keeps the lines', () => {
    const code = '```js\nconst a = 1\n\nreturn a\n```'
    const lines = toCheckSource(code).text.split('\n')
    expect(lines[1]).toBe('const a = 1')
    expect(lines[3]).toBe('return a')
    expect(toCheckSource(code).text).not.toContain('`')
  })
})
