import { describe, expect, test } from 'vitest'
import { HAS_SHARED_DATA, SKIPPED } from '../shared-data.ts'
import { compile } from './compile.ts'
import { judgeInstances, readCatalog, readOddCatalog, toFiles } from './instances.ts'

describe.skipIf(!HAS_SHARED_DATA)(`real schemas${SKIPPED}`, () => {
  test('of all real tools compile', { timeout: 120_000 }, async () => {
    const catalog = readCatalog()
    expect(catalog.tools.length).toBeGreaterThan(5000)
    expect(await compile(toFiles(catalog))).toEqual([])
  })

  test('odd ones of test suites compile, as input and as output', { timeout: 120_000 }, async () => {
    const catalog = readOddCatalog()
    expect(catalog.tools.length).toBeGreaterThan(500)
    expect(await compile(toFiles(catalog))).toEqual([])
  })

  test('accept valid arguments and reject invalid ones', { timeout: 120_000 }, async () => {
    const { valid, validRefused, invalid, invalidRefused } = await judgeInstances()
    expect(valid).toBeGreaterThan(3000)
    expect(invalid).toBeGreaterThan(3000)
    expect(1 - validRefused / valid).toBeGreaterThanOrEqual(0.9995)
    expect(invalidRefused / invalid).toBeGreaterThanOrEqual(0.9995)
  })
})
