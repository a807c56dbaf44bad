import { expect, test } from 'vitest'

import { createTail } from '../../src/mcp/transports/stdio/tail.ts'
import { createRedactor } from '../../src/secrets/redactor.ts'

const SECRET = 'sk-a-secret-of-some-length'
const { text: clean } = createRedactor([{ kind: 'stdio', env: { API_KEY: SECRET }, args: [] }])

test('a line is cut after it was cleaned: half of a secret would not be recognised', () => {
  for (let before = 260; before < 310; before++) {
    const tail = createTail(65_536)
    tail.push(Buffer.from(`${'x'.repeat(before)}${SECRET}\n`))
    const [line = ''] = tail.lines(1, clean)
    expect(line.length).toBeLessThanOrEqual(300)
    expect(line).not.toMatch(/x+sk-/)
  }
})

test('where the beginning was forgotten, what is left of its line is left out', () => {
  for (let more = 0; more <= SECRET.length + 2; more++) {
    const tail = createTail(100)
    tail.push(Buffer.from(`${SECRET}\n`))
    tail.push(Buffer.from(`${'y'.repeat(98 - more)}\n`))
    expect(clean(tail.text())).toMatch(/^(?:\[redacted\]\n)?y*\n$/)
  }
})

test('what was never cut is whole, and keeps its first line', () => {
  const tail = createTail(100)
  tail.push(Buffer.from('one\ntwo'))
  expect(tail.text()).toBe('one\ntwo')
})
