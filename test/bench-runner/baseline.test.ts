import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

import { parseBaseline, readBaseline, saveBaseline } from '../../bench/compare/baseline.ts'
import { madeUp } from './figures.ts'

async function newPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'isogate-baseline-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return join(folder, 'deeper', 'class.json')
}

const run = { node: 'v24.0.0', date: '2026-01-01', figures: [madeUp(1.5, { spread: 0.02 })] }

test('what is kept is read again, and other benchmarks stay', async () => {
  const path = await newPath()
  expect(await readBaseline(path)).toBeUndefined()
  await saveBaseline(path, 'class', 'micro', run)
  await saveBaseline(path, 'class', 'load', { ...run, node: 'v24.1.0' })
  await saveBaseline(path, 'class', 'load', { ...run, node: 'v24.2.0' })
  expect(await readBaseline(path)).toEqual({
    machineClass: 'class',
    benchmarks: { load: { ...run, node: 'v24.2.0' }, micro: run },
  })
})

test('the order of saving does not show', async () => {
  const [one, other] = [await newPath(), await newPath()]
  for (const name of ['micro', 'load']) await saveBaseline(one, 'class', name, run)
  for (const name of ['load', 'micro']) await saveBaseline(other, 'class', name, run)
  expect(await readFile(one, 'utf8')).toBe(await readFile(other, 'utf8'))
})

test.each([
  ['not JSON', 'nothing'],
  ['another document', '{"format":"something"}'],
  ['a list', '[]'],
  ['a run without figures', '{"format":"isogate-baseline/1","benchmarks":{"micro":{}}}'],
  [
    'a figure that is none',
    '{"format":"isogate-baseline/1","benchmarks":{"micro":{"figures":[{"name":"a"}]}}}',
  ],
])('%s is refused', (_, text) => {
  expect(() => parseBaseline(text, 'file.json')).toThrow()
})
