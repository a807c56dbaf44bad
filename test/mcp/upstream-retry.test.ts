import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Backend } from '../../src/core/ports.ts'
import { callOf, closeAll, settle, stdioPlan } from './harness.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'isogate-retry-'))))
afterEach(async () => {
  await closeAll()
  await rm(folder, { recursive: true, force: true })
})

async function fragile(retry?: 'none' | 'idempotent'): Promise<Backend> {
  const more = retry === undefined ? {} : { retry }
  const { backend } = await settle(stdioPlan('fragile', [join(folder, 'journal')], more))
  expect(backend.status()).toEqual({ state: 'ready' })
  // An attempt that has only just ended is not repeated at once.
  await new Promise((resolve) => setTimeout(resolve, 1_100))
  return backend
}

async function calls(): Promise<number> {
  const lines = (await readFile(join(folder, 'journal'), 'utf8')).split('\n')
  return lines.filter((line) => line.startsWith('called')).length
}

test.for(['heals_read', 'heals_idempotent'])(
  'a call of %s that was lost is made again where the configuration says so',
  async (name) => {
    const backend = await fragile('idempotent')
    expect(await backend.call(callOf(name))).toMatchObject({ content: [{ text: 'done' }] })
    expect(await calls()).toBe(2)
  },
)

test.for([
  ['idempotent', 'heals_plain'],
  ['none', 'heals_read'],
  [undefined, 'heals_read'],
] as const)('with retry %s, a call of %s is made once', async ([retry, name]) => {
  const backend = await fragile(retry)
  await expect(backend.call(callOf(name))).rejects.toMatchObject({ code: 'upstream_closed' })
  expect(await calls()).toBe(1)
})

test('a call that is lost each time is made three times at most', async () => {
  const backend = await fragile('idempotent')
  await expect(backend.call(callOf('fails_read'))).rejects.toMatchObject({
    code: expect.stringMatching(/^upstream_/) as string,
  })
  expect(await calls()).toBeGreaterThan(1)
  expect(await calls()).toBeLessThan(4)
})

test('not where the deadline would pass meanwhile, and not after the tool has answered', async () => {
  const backend = await fragile('idempotent')
  expect(await backend.call(callOf('errs_read'))).toMatchObject({ isError: true })
  const deadline = performance.now() + 100
  await expect(backend.call(callOf('heals_read', {}, { deadline }))).rejects.toMatchObject({
    code: 'upstream_closed',
  })
  expect(await calls()).toBe(2)
})
