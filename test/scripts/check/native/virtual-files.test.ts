import { describe, expect, it } from 'vitest'

import { createVirtualFiles, QUESTIONS } from '../../../../src/scripts/check/native/virtual-files.ts'

/** What lets the compiler look at the real disk. */
const REAL = null

describe('files of the native compiler', () => {
  const files = createVirtualFiles('declare const a: 1', '/opt/compiler/lib')

  it('are those of the check', () => {
    files.write({ tools: 'declare const b: 2', script: 'b' })
    expect(files.answer('readFile', '/check/tools.d.ts')).toEqual({ content: 'declare const b: 2' })
    expect(files.answer('fileExists', '/check/script.ts')).toBe(true)
    expect(files.answer('getAccessibleEntries', '/')).toEqual({ files: [], directories: [] })
  })

  it('are, of the disk, the libraries and nothing else', () => {
    expect(files.answer('readFile', '/opt/compiler/lib/lib.es2025.d.ts')).toBe(REAL)
    for (const path of [
      '/etc/passwd',
      '/opt/compiler/lib/../../../etc/passwd',
      '/opt/compiler/lib/tsc',
      '/opt/compiler/lib/lib.x/../../../../etc/lib.d.ts',
      '/check/../etc/passwd',
      '/opt/compiler/lib/sub/lib.d.ts',
    ]) {
      for (const question of QUESTIONS) expect(files.answer(question, path)).not.toBe(REAL)
      expect(files.answer('readFile', path)).toEqual({ content: null })
      expect(files.answer('fileExists', path)).toBe(false)
    }
  })
})
