import { describe, expect, test } from 'vitest'
import { type Catalog, createCatalog } from '../../../src/catalog/catalog.ts'
import { printDeclarations } from '../../../src/catalog/stubs/declarations.ts'
import { isJsonObject, type Json } from '../../../src/core/json.ts'
import type { ToolSpec } from '../../../src/core/tool.ts'
import { asText, HAS_SHARED_DATA, readRecords, SKIPPED, toSpec } from '../shared-data.ts'
import { toolSpec } from '../tool-specs.ts'
import { compile } from './compile.ts'

const PER_FILE = 1000

/** The declarations of a part of a catalog, as files of about equal size. */
function toFiles(catalog: Catalog, lines: (spec: ToolSpec) => string = () => ''): Record<string, string> {
  const files: Record<string, string> = {}
  for (let at = 0; at < catalog.tools.length; at += PER_FILE) {
    const specs = catalog.tools.slice(at, at + PER_FILE)
    files[`f${at}.ts`] = `${printDeclarations(specs, catalog.names)}${specs.map(lines).join('')}export {}\n`
  }
  return files
}

describe.skipIf(!HAS_SHARED_DATA)(`real schemas${SKIPPED}`, () => {
  test('of all real tools compile', { timeout: 120_000 }, async () => {
    const catalog = createCatalog({ revision: 1, specs: readRecords('tools.json').map(toSpec) })
    expect(catalog.tools.length).toBeGreaterThan(5000)
    expect(await compile(toFiles(catalog))).toEqual([])
  })

  test('odd ones of test suites compile, as input and as output', { timeout: 120_000 }, async () => {
    const specs = readRecords('schemas.json').flatMap(({ id, schema }, at) =>
      isJsonObject(schema)
        ? [
            toolSpec('odd', `schema_${at}`, {
              description: asText(id),
              inputSchema: schema,
              outputSchema: schema,
            }),
          ]
        : [],
    )
    expect(specs.length).toBeGreaterThan(500)
    expect(await compile(toFiles(createCatalog({ revision: 1, specs })))).toEqual([])
  })

  test('accept valid arguments and reject invalid ones', { timeout: 120_000 }, async () => {
    const instances = new Map(readRecords('instances.json').map((record) => [record['id'], record]))
    const specs = readRecords('tools.json')
      .filter((record) => instances.has(record['id']))
      .map(toSpec)
    const catalog = createCatalog({ revision: 1, specs })
    const counts = { valid: 0, invalid: 0 }
    const files = toFiles(catalog, (spec) => {
      const record = instances.get(spec.definition['id'])
      const own = catalog.names.of(spec.ref)
      if (record === undefined || own === undefined) return ''
      const write = (kind: 'valid' | 'invalid') => {
        const values = record[kind]
        return ((Array.isArray(values) ? values : []) as readonly Json[])
          .map(
            (value) =>
              `void tools[${JSON.stringify(own.serverIdentifier)}][${JSON.stringify(own.toolIdentifier)}](${JSON.stringify(value)}) //${kind}${counts[kind]++}\n`,
          )
          .join('')
      }
      return write('valid') + write('invalid')
    })
    const lines = new Map(Object.entries(files).map(([name, text]) => [name, text.split('\n')]))
    const refused = new Set<string>()
    for (const error of await compile(files)) {
      const [, file = '', line = ''] = /^(\w+\.ts)\((\d+),/.exec(error) ?? []
      const mark = /\/\/((?:in)?valid\d+)$/.exec(lines.get(file)?.[Number(line) - 1] ?? '')?.[1]
      if (mark !== undefined) refused.add(mark)
    }
    const refusedOf = (kind: string) => [...refused].filter((mark) => mark.startsWith(kind)).length
    expect(counts.valid).toBeGreaterThan(3000)
    const accepted = 1 - refusedOf('valid') / counts.valid
    const rejected = refusedOf('invalid') / counts.invalid
    console.log(
      `valid accepted ${(100 * accepted).toFixed(2)} %, invalid rejected ${(100 * rejected).toFixed(2)} %`,
      counts,
    )
    expect(accepted).toBeGreaterThanOrEqual(0.999)
    expect(rejected).toBeGreaterThanOrEqual(0.986)
  })
})
