import { type Catalog, createCatalog } from '../../../src/catalog/catalog.ts'
import { printDeclarations } from '../../../src/catalog/stubs/declarations.ts'
import { isJsonObject, type Json } from '../../../src/core/json.ts'
import type { ToolSpec } from '../../../src/core/tool.ts'
import { asText, readRecords, toSpec } from '../shared-data.ts'
import { toolSpec } from '../tool-specs.ts'
import { compile } from './compile.ts'

const PER_FILE = 1000

/** How a compiler judges the argument objects that Ajv has judged. */
export interface Judgement {
  readonly valid: number
  readonly validRefused: number
  readonly invalid: number
  readonly invalidRefused: number
}

/** The tools of tools.json. */
export function readCatalog(): Catalog {
  return createCatalog({ revision: 1, specs: readRecords('tools.json').map(toSpec) })
}

/** The schemas of schemas.json, each as the input and the output of a tool. */
export function readOddCatalog(): Catalog {
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
  return createCatalog({ revision: 1, specs })
}

/** The declarations of a catalog as files of about equal size, behind each part the `lines` of its tools. */
export function toFiles(
  catalog: Catalog,
  lines: (spec: ToolSpec) => string = () => '',
): Record<string, string> {
  const files: Record<string, string> = {}
  for (let at = 0; at < catalog.tools.length; at += PER_FILE) {
    const specs = catalog.tools.slice(at, at + PER_FILE)
    files[`f${at}.ts`] = `${printDeclarations(specs, catalog.names)}${specs.map(lines).join('')}export {}\n`
  }
  return files
}

/** Calls the tools of tools.json with the argument objects of instances.json, and counts what `tsc --strict` refuses. */
export async function judgeInstances(): Promise<Judgement> {
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
  return { ...counts, validRefused: refusedOf('valid'), invalidRefused: refusedOf('invalid') }
}
