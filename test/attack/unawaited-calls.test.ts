import { expect, test } from 'vitest'

import { openArena } from './arena.ts'
import { attacks } from './harness.ts'
import { waitUntil } from './cell-processes.ts'

attacks('calls that nobody awaits are reported with their lines', {
  one: {
    code: 'const a = 1\ntools.test.add({ a, b: 1 })\nreturn 7',
    ends: ['ok'],
    check: ({ text, notes }) => {
      expect(text).toBe('7')
      expect(notes.join('\n')).toContain('test.add (line 2)')
    },
  },
  fifty: {
    code: 'for (let n = 0; n < 50; n++) void tools.test.hang()\nreturn 7',
    ends: ['ok'],
    check: ({ notes }) => expect(notes.join('').length).toBeLessThan(2_000),
  },
  'one that failed': {
    code: 'void tools.test.fail({})\nawait tools.test.add({ a: 1, b: 1 })\nreturn 7',
    ends: ['ok'],
    check: ({ notes }) => expect(notes.join('')).toContain('test.fail (line 1)'),
  },
  'one that is awaited late': {
    code: 'const p = tools.test.add({ a: 1, b: 2 })\nawait tools.test.add({ a: 1, b: 1 })\nreturn await p',
    ends: ['ok'],
    check: ({ notes }) => expect(notes).toEqual([]),
  },
})

test('calls that nobody awaits are cancelled upstream when the run ends', async () => {
  const arena = openArena()
  expect(await arena.run('void tools.test.hang()\nvoid tools.test.hang()\nreturn 1')).toMatchObject({
    text: '1',
  })
  expect(await waitUntil(() => arena.upstream.aborted() === arena.upstream.received())).toBe(true)
  await arena.close()
})
