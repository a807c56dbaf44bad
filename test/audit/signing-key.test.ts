import { chmod, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { isSigned, signCheckpoint } from '../../src/audit/checkpoint.ts'
import { auditKeyFile, loadSigningKey, parseTrustedKeys, publicKeyFile } from '../../src/audit/signing-key.ts'
import { newFolder } from './house.ts'

const HEAD = { seq: 7, hash: 'a'.repeat(64) }

test('a key is made once, readable by its owner only, with its public half beside it', async () => {
  const file = auditKeyFile(join(await newFolder(), 'state'))
  const warnings: string[] = []
  const made = loadSigningKey(file, (text) => void warnings.push(text))
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const again = loadSigningKey(file, (text) => void warnings.push(text))
  expect(again.id).toBe(made.id)
  expect(warnings).toEqual([])
  const pem = await readFile(publicKeyFile(file), 'utf8')
  const keys = parseTrustedKeys([{ name: 'public', pem }])
  expect([...keys.keys()]).toEqual([made.id])
  expect(isSigned(signCheckpoint(HEAD, 0, 1, again), keys)).toBe(true)
  // Whoever has the private one can verify with it too.
  expect([...parseTrustedKeys([{ name: 'private', pem: await readFile(file, 'utf8') }]).keys()]).toEqual([
    made.id,
  ])
  await chmod(file, 0o644)
  loadSigningKey(file, (text) => void warnings.push(text))
  expect(warnings).toEqual([expect.stringContaining('mode 600')])
})

test('what is no key is not replaced, and not said back', async () => {
  const file = auditKeyFile(await newFolder())
  await writeFile(file, 'very secret and not a key')
  expect(() => loadSigningKey(file, () => {})).toThrow(
    expect.objectContaining({ code: 'audit_unavailable', message: `${file} holds no Ed25519 key in PEM.` }),
  )
  expect(await readFile(file, 'utf8')).toBe('very secret and not a key')
})

test('where no key can be written it says so', async () => {
  const folder = await newFolder()
  await writeFile(join(folder, 'state'), '')
  expect(() => loadSigningKey(auditKeyFile(join(folder, 'state')), () => {})).toThrow(
    expect.objectContaining({ code: expect.stringMatching(/^(state_unwritable|audit_unavailable)$/) }),
  )
})
