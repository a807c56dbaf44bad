import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { afterEach, beforeEach, expect, test } from 'vitest'

import { createSeal } from '../../src/secrets/seal.ts'
import { addStoreKey, loadStoreKeys, storeKeyFile } from '../../src/secrets/store-keys.ts'

let folder: string
let file: string
let warnings: string[]
const ports = { random: randomBytes, warn: (message: string) => void warnings.push(message) }
const load = (configured?: readonly string[]) => loadStoreKeys(folder, configured, ports)

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'isogate-keys-')), 'state')
  file = storeKeyFile(folder)
  warnings = []
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

test('the first start makes a key that only its owner can read, and the next ones read it', () => {
  const made = load()
  expect(made.map((key) => key.length)).toEqual([32])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(load()).toEqual(made)
  expect(readdirSync(folder)).toEqual(['store.key'])
  expect(warnings).toEqual([])
})

test('a key that was added comes first, and the others stay', () => {
  const [first] = load()
  const sealed = createSeal(load(), randomBytes).seal('a value', 'here')
  const added = addStoreKey(file, randomBytes)
  expect(load()).toEqual(added)
  expect(added).toHaveLength(2)
  expect(added[1]).toEqual(first)
  expect(createSeal(load(), randomBytes).open(sealed, 'here')).toBe('a value')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder)).toEqual(['store.key'])
})

test('keys are added up to what the configuration takes as well', () => {
  load()
  for (let count = 2; count <= 16; count++) addStoreKey(file, randomBytes)
  expect(() => addStoreKey(file, randomBytes)).toThrow(expect.objectContaining({ code: 'sealed' }))
  expect(load()).toHaveLength(16)
})

test('the keys of the configuration need no file', () => {
  const keys = [randomBytes(32), randomBytes(32)]
  expect(load(keys.map((key) => key.toString('base64')))).toEqual(keys)
  expect(() => readdirSync(folder)).toThrow('ENOENT')
})

test.each([
  ['an empty one', ''],
  ['one of something else', 'not a key\n'],
  ['one with half a key', `${Buffer.alloc(32, 7).toString('base64').slice(0, 30)}\n`],
  ['one with a good key and a bad one', `${Buffer.alloc(32, 7).toString('base64')}\nBwcHBw==\n`],
])('a file that holds no keys is never made anew: %s', (_what, text) => {
  load()
  writeFileSync(file, text)
  const refusal = catching(() => load())
  expect(refusal).toMatchObject({ code: 'sealed' })
  for (const line of text.split('\n').filter((each) => each.length > 5))
    expect(String(refusal)).not.toContain(line)
  expect(readFileSync(file, 'utf8')).toBe(text)
})

test('a file that others can read still works, and is told of', () => {
  const made = load()
  chmodSync(file, 0o644)
  expect(load()).toEqual(made)
  expect(warnings).toEqual([expect.stringContaining('store.key')])
})

test('processes that start at once all take the same key', async () => {
  const program = `
    import { loadStoreKeys } from ${JSON.stringify(new URL('../../src/secrets/store-keys.ts', import.meta.url).href)}
    import { randomBytes } from 'node:crypto'
    const [key] = loadStoreKeys(${JSON.stringify(folder)}, undefined, { random: randomBytes, warn() {} })
    process.stdout.write(key.toString('hex'))`
  const run = promisify(execFile)
  const keys = await Promise.all(
    Array.from({ length: 6 }, () => run(process.execPath, ['--input-type=module-typescript', '-e', program])),
  )
  expect(new Set(keys.map(({ stdout }) => stdout)).size).toBe(1)
  expect(keys[0]?.stdout).toMatch(/^[0-9a-f]{64}$/)
  expect(readdirSync(folder)).toEqual(['store.key'])
})

function catching(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}
