import { Script } from 'node:vm'

import { expect, test } from 'vitest'

import { loadGuestSource } from '../../sandbox/cell/guest-source.ts'

test('the guest is one script without imports, exports and words of Node', () => {
  const source = loadGuestSource()
  expect(source).not.toMatch(/^\s*(import|export) /m)
  expect(source).not.toMatch(/\b(require|process|Buffer|setTimeout)\s*\(/)
  expect(() => new Script(source)).not.toThrow()
})
