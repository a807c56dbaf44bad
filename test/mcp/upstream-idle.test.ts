import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { StdioPlan } from '../../src/mcp/plan.ts'
import { callOf, closeAll, eventually, isRunning, settle, start, stdioPlan } from './harness.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'isogate-idle-'))))
afterEach(async () => {
  await closeAll()
  await rm(folder, { recursive: true, force: true })
})

const plan = (more: Partial<StdioPlan>): StdioPlan =>
  stdioPlan('counting', [join(folder, 'starts'), join(folder, 'release')], more)

async function starts(): Promise<number[]> {
  const text = await readFile(join(folder, 'starts'), 'utf8')
  return text.trim().split('\n').map(Number)
}

async function noneRuns(): Promise<void> {
  await eventually(async () => {
    for (const pid of await starts()) expect(await isRunning(pid)).toBe(false)
  })
}

const names = ['pid', 'holds']

test('a lazy server is listed, does not run, and is started once for many calls', async () => {
  const { backend } = await settle(plan({ start: 'lazy' }))
  expect(backend.status()).toEqual({ state: 'ready' })
  expect(backend.tools().map(({ ref }) => ref.name)).toEqual(names)
  await noneRuns()
  expect(backend.describe?.()).toEqual({ idle: true })
  const results = await Promise.all(Array.from({ length: 10 }, () => backend.call(callOf('pid'))))
  const [, second] = await starts()
  expect(await starts()).toHaveLength(2)
  for (const { structuredContent } of results) expect(structuredContent).toEqual({ pid: second })
  // Without a limit for being idle it runs from now on.
  await backend.call(callOf('pid'))
  expect(await starts()).toHaveLength(2)
  expect(backend.describe?.()).toMatchObject({ era: 'legacy', pid: expect.any(Number) as number })
})

test('a lazy server that is called while it is listed for the first time goes on running', async () => {
  const { backend } = start(plan({ start: 'lazy' }))
  const { structuredContent } = await backend.call(callOf('pid'))
  expect(structuredContent).toEqual({ pid: (await starts())[0] })
  await backend.call(callOf('pid'))
  expect(await starts()).toHaveLength(1)
})

test('a server that was idle is stopped, keeps its tools, and a call starts it again', async () => {
  const { backend } = await settle(plan({ idleStopMs: 100 }))
  await noneRuns()
  expect(backend.status()).toEqual({ state: 'ready' })
  expect(backend.tools().map(({ ref }) => ref.name)).toEqual(names)
  await Promise.all(Array.from({ length: 10 }, () => backend.call(callOf('pid'))))
  expect(await starts()).toHaveLength(2)
  await noneRuns()
})

test('a call that takes longer than the limit for being idle is not cut', async () => {
  const { backend } = await settle(plan({ idleStopMs: 50 }))
  const held = backend.call(callOf('holds'))
  await new Promise((resolve) => setTimeout(resolve, 500))
  await writeFile(join(folder, 'release'), '')
  const { structuredContent } = await held
  expect(structuredContent).toEqual({ pid: (await starts()).at(-1) })
  await noneRuns()
})

test('closing while it is stopped, or being stopped, leaves nothing', async () => {
  const { backend } = await settle(plan({ start: 'lazy' }))
  await backend.close()
  for (const pid of await starts()) expect(await isRunning(pid)).toBe(false)
  await expect(backend.call(callOf('pid'))).rejects.toMatchObject({ code: 'upstream_unavailable' })
})
