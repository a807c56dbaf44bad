import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { callOf, closeAll, settle, stdioPlan } from './harness.ts'

const folders: string[] = []

afterEach(async () => {
  await closeAll()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function notes(): Promise<{ path: string; read: () => Promise<string[]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'isogate-test-'))
  folders.push(folder)
  const path = join(folder, 'notes')
  return { path, read: async () => (await readFile(path, 'utf8')).trim().split('\n') }
}

describe('the probe for 2026-07-28', () => {
  test('ends a server that exits on it: it is started once more, the older way', async () => {
    const note = await notes()
    const { backend } = await settle(stdioPlan('probe', ['exits', note.path]))
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(await note.read()).toEqual(['started', 'probed', 'started'])
  })

  test.for(['talks-then-silent', 'mute'])('is not answered (%s): the same process goes on', async (mode) => {
    const note = await notes()
    const { backend } = await settle(stdioPlan('probe', [mode, note.path]))
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(await note.read()).toEqual(['started', 'probed'])
    expect(await backend.call(callOf('ok'))).toMatchObject({ content: [{ text: 'ok' }] })
  })

  test('waits for a server that is slow to start', async () => {
    const note = await notes()
    const { backend } = await settle(stdioPlan('probe', ['slow-start', note.path]))
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(await note.read()).toEqual(['started', 'probed'])
  })

  test('finds a server that speaks nothing else', async () => {
    const { backend } = await settle(stdioPlan('modern'))
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(await backend.call(callOf('add', { a: 20, b: 22 }))).toMatchObject({ content: [{ text: '42' }] })
    const seen: number[] = []
    await backend.call(callOf('progress', {}, { onProgress: ({ progress }) => seen.push(progress) }))
    expect(seen).toEqual([1, 2])
  })

  // It says something at once and then loads for longer than silence is waited for.
  test('finds one that was taken for the older kind because it was slow', async () => {
    const { backend, log } = await settle(stdioPlan('modern', ['--slow']))
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(log.at(-1)?.detail).toMatchObject({ era: 'modern' })
  })

  test('is left out where the configuration says so', async () => {
    const note = await notes()
    const plan = stdioPlan('probe', ['exits', note.path], { protocol: 'legacy' })
    const { backend } = await settle(plan)
    expect(backend.status()).toEqual({ state: 'ready' })
    expect(await note.read()).toEqual(['started'])
  })
})
