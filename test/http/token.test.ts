import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { createTokenAuth, hashToken } from '../../src/http/auth.ts'
import { ADMIN_TOKEN, loadToken } from '../../src/http/token.ts'

let parent: string
let folder: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'isogate-token-'))
  folder = join(parent, 'deep', 'state')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const modeOf = (path: string): number => statSync(path).mode & 0o777

/** The one file of the state folder. */
function tokenFile(): string {
  const [name = '', ...more] = readdirSync(folder)
  expect(more).toEqual([])
  return join(folder, name)
}

describe('the first start', () => {
  test('makes a token that opens the gateway', () => {
    const { hash, fresh = '' } = loadToken(folder, false)
    expect(fresh).toMatch(/^isg_[\w-]{32}$/)
    expect(hash).toBe(hashToken(fresh))
    expect(createTokenAuth(hash)({ headers: { authorization: `Bearer ${fresh}` } })).toMatchObject({
      kind: 'token',
    })
  })

  test('keeps only the hash, in a file that nobody else can read', () => {
    const { hash, fresh = '' } = loadToken(folder, false)
    expect(modeOf(folder)).toBe(0o700)
    expect(modeOf(tokenFile())).toBe(0o600)
    const text = readFileSync(tokenFile(), 'utf8')
    expect(text.trim()).toBe(hash)
    expect(text).not.toContain(fresh)
  })

  test('makes another token than any other first start', () => {
    const other = loadToken(join(parent, 'other'), false)
    expect(loadToken(folder, false).hash).not.toBe(other.hash)
  })
})

test('the token of administrators is another one, in a file of its own', () => {
  const gateway = loadToken(folder, false)
  const admin = loadToken(folder, false, ADMIN_TOKEN)
  expect(admin.fresh).toMatch(/^isa_[\w-]{32}$/)
  expect(admin.hash).not.toBe(gateway.hash)
  expect(readdirSync(folder).sort()).toEqual(['admin.sha256', 'token.sha256'])
  expect(loadToken(folder, false, ADMIN_TOKEN)).toEqual({ hash: admin.hash })
  expect(loadToken(folder, false)).toEqual({ hash: gateway.hash })
})

describe('a later start', () => {
  test('knows the hash and not the token', () => {
    const first = loadToken(folder, false)
    expect(loadToken(folder, false)).toEqual({ hash: first.hash })
  })

  test('that wants a new token replaces the old one', () => {
    const first = loadToken(folder, false)
    const second = loadToken(folder, true)
    expect(second.fresh).toBeDefined()
    expect(second.hash).not.toBe(first.hash)
    expect(loadToken(folder, false)).toEqual({ hash: second.hash })
    expect(() =>
      createTokenAuth(second.hash)({ headers: { authorization: `Bearer ${first.fresh ?? ''}` } }),
    ).toThrow()
  })

  test('mends the mode of the file when it writes it', () => {
    loadToken(folder, false)
    chmodSync(tokenFile(), 0o644)
    loadToken(folder, true)
    expect(modeOf(tokenFile())).toBe(0o600)
  })

  test.each([
    '',
    'garbage',
    'isg_a-token-instead-of-a-hash',
    '0'.repeat(63),
    `${'0'.repeat(64)}\n${'1'.repeat(64)}`,
  ])('that finds no hash in the file makes a new token: %j', (text) => {
    loadToken(folder, false)
    writeFileSync(tokenFile(), text)
    const { hash, fresh = '' } = loadToken(folder, false)
    expect(hash).toBe(hashToken(fresh))
  })
})

test('a folder that cannot be written is state_unwritable, and no token is given out', () => {
  // Below a file nobody can make a folder, whoever he is.
  const file = join(parent, 'file')
  writeFileSync(file, '')
  expect(() => loadToken(join(file, 'state'), false)).toThrow(
    expect.objectContaining({ code: 'state_unwritable', message: expect.stringContaining(file) as string }),
  )
})
