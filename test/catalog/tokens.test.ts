import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, test } from 'vitest'
import { printDeclarations } from '../../src/catalog/stubs/declarations.ts'
import { printSignature } from '../../src/catalog/stubs/signature.ts'
import { estimateTokens } from '../../src/catalog/tokens.ts'
import { createCatalog } from '../../src/catalog/catalog.ts'
import { HAS_SHARED_DATA, readRecords, SKIPPED, toSpec } from './shared-data.ts'

describe('estimateTokens', () => {
  test('is 0 for nothing and grows with the text', () => {
    expect(estimateTokens('')).toBe(0)
    expect(estimateTokens('word')).toBe(1)
    expect(estimateTokens('one two three')).toBe(3)
  })

  test('reads a bounded part of a long text', () => {
    const long = estimateTokens('word '.repeat(1e6))
    expect(long).toBeGreaterThan(900_000)
    expect(long).toBeLessThan(1_100_000)
  })
})

describe.skipIf(!HAS_SHARED_DATA)(`estimateTokens against o200k_base${SKIPPED}`, () => {
  const catalog = createCatalog({
    revision: 1,
    specs: HAS_SHARED_DATA ? readRecords('tools.json').map(toSpec) : [],
  })
  const forms: [form: string, texts: () => string[]][] = [
    ['signatures', () => catalog.tools.map((spec) => printSignature(spec, catalog.names))],
    ['declarations', () => catalog.tools.map((spec) => printDeclarations([spec], catalog.names))],
    ['schemas', () => catalog.tools.map((spec) => JSON.stringify(spec.inputSchema))],
  ]

  test.each(forms)('%s: within eight per cent in sum and ten in the mean', (_, make) => {
    const pairs = make().map((text) => {
      // A tokenizer is quadratic on long runs.
      const part = text.slice(0, 20_000)
      return { real: encode(part).length, estimate: estimateTokens(part) }
    })
    const total = pairs.reduce((sum, pair) => sum + pair.real, 0)
    const estimated = pairs.reduce((sum, pair) => sum + pair.estimate, 0)
    const off =
      pairs.reduce((sum, pair) => sum + Math.abs(pair.estimate - pair.real) / pair.real, 0) / pairs.length
    expect(Math.abs(estimated / total - 1)).toBeLessThan(0.08)
    expect(off).toBeLessThan(0.1)
  })
})

describe.skipIf(!HAS_SHARED_DATA)(`tokens of a signature${SKIPPED}`, () => {
  test('are at most 30 in the mean under a server name of one word', () => {
    const specs = readRecords('tools.json').map(toSpec)
    const lines = specs.map((spec) => {
      const own = { ...spec, ref: { server: 'github', name: spec.ref.name } }
      return printSignature(own, createCatalog({ revision: 1, specs: [own] }).names)
    })
    const total = lines.reduce((sum, line) => sum + encode(line).length, 0)
    expect(total / lines.length).toBeLessThanOrEqual(30)
  })
})
