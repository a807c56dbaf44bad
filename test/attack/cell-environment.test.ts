import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

import { expect, test } from 'vitest'

import { cellPids, readCommandLine, waitUntil } from './cell-processes.ts'
import { openArena } from './arena.ts'

test('a cell has no environment, no descriptors of the gateway and the flags that fence it in', async () => {
  process.env['ISOGATE_TEST_SECRET'] = 'a secret'
  const arena = openArena()
  await arena.run('return 1')
  await waitUntil(() => cellPids().length > 0)
  for (const pid of cellPids()) {
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('')
    const flags = readCommandLine(pid)
    expect(flags).toContain('--no-node-snapshot')
    expect(flags).toContain('--permission')
    for (const flag of [
      '--allow-fs-write',
      '--allow-child-process',
      '--allow-worker',
      '--allow-net',
      '--allow-wasi',
    ]) {
      expect(flags.filter((one) => one.startsWith(flag))).toEqual([])
    }
    const reads = flags.filter((flag) => flag.startsWith('--allow-fs-read='))
    expect(reads.length).toBeGreaterThan(0)
    expect(reads).not.toContain('--allow-fs-read=*')
    expect(reads).not.toContain('--allow-fs-read=/')
    const files = readdirSync(`/proc/${pid}/fd`)
      .map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
      .filter((target) => target.startsWith('/') && !target.startsWith('/dev/'))
    expect(files, 'open files').toEqual([])
  }
  delete process.env['ISOGATE_TEST_SECRET']
  await arena.close()
})
