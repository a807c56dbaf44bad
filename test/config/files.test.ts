import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createReadFile } from '../../src/config/files.ts'

const readFile = createReadFile()
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isogate-config-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('a file is read up to its bound', async () => {
  const path = join(folder, 'a')
  await writeFile(path, 'grüß')
  expect(await readFile(path, 6)).toEqual({ kind: 'text', text: 'grüß' })
  expect(await readFile(path, 5)).toEqual({ kind: 'failed', reason: 'it is larger than 5 bytes' })
})

test('what is not there, not a file or not text is told apart', async () => {
  expect(await readFile(join(folder, 'none'), 9)).toEqual({ kind: 'missing' })
  expect(await readFile(join(folder, 'a\0b'), 9)).toMatchObject({ kind: 'failed' })
  expect(await readFile(folder, 9)).toEqual({ kind: 'failed', reason: 'it is a folder' })
  const path = join(folder, 'utf16')
  await writeFile(path, Buffer.from('\uFEFFmode: code', 'utf16le'))
  expect(await readFile(path, 99)).toEqual({ kind: 'failed', reason: 'it is not UTF-8 text' })
})

test.skipIf(process.platform === 'win32')('a pipe or a device is refused at once', async () => {
  const pipe = join(folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  expect(await readFile(pipe, 9)).toEqual({ kind: 'failed', reason: 'it is not a regular file' })
  expect(await readFile('/dev/zero', 9)).toEqual({ kind: 'failed', reason: 'it is not a regular file' })
})
