import { describe, expect, it } from 'vitest'

import { generateCatalog } from '../../../src/bench/catalog/generate.ts'
import { createCatalog } from '../../../src/catalog/catalog.ts'
import { printDeclarations } from '../../../src/catalog/stubs/declarations.ts'
import { printSignature } from '../../../src/catalog/stubs/signature.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts'
import { toolKey, type ToolSpec } from '../../../src/core/tool.ts'
import { createArgumentValidator } from '../../../src/policy/arguments.ts'
import { compile } from '../../catalog/stubs/compile.ts'

const FIRST = generateCatalog(1_000)
const { names } = createCatalog({ revision: 1, specs: FIRST })

/** No schema of the catalog takes this, once it is compiled; one that cannot be compiled takes anything. */
const NO_OBJECT = [] as unknown as JsonObject

function asInput(spec: ToolSpec): readonly ToolSpec[] {
  return spec.outputSchema === undefined ? [] : [{ ...spec, inputSchema: spec.outputSchema }]
}

/** Every schema of an object in a schema. */
function objectsIn(schema: Json | undefined): readonly JsonObject[] {
  if (typeof schema !== 'object' || schema === null) return []
  const inner = Object.values(schema).flatMap((member: Json | undefined) => objectsIn(member))
  return isJsonObject(schema) && isJsonObject(schema['properties']) ? [schema, ...inner] : inner
}

describe('schemas of the generated catalog', () => {
  it('compile', () => {
    const { problems } = createArgumentValidator()
    const outputs = FIRST.flatMap(asInput)
    const loose = [...FIRST, ...outputs].filter((spec) => problems(spec, NO_OBJECT).length === 0)
    expect(loose.map(({ ref }) => toolKey(ref))).toEqual([])
    expect(outputs.length).toBeGreaterThan(10)
  })

  it('require only what they have, and have defaults that they allow', () => {
    for (const { inputSchema, outputSchema } of FIRST) {
      for (const { properties, required = [] } of [...objectsIn(inputSchema), ...objectsIn(outputSchema)]) {
        const own = properties as Readonly<Record<string, JsonObject>>
        for (const name of required as readonly string[]) expect(Object.keys(own)).toContain(name)
        for (const { enum: choices, default: fallback } of Object.values(own)) {
          if (Array.isArray(choices) && fallback !== undefined) expect(choices).toContain(fallback)
        }
      }
    }
  })

  it('are printed as declarations that a compiler takes', async () => {
    const text = printDeclarations(FIRST, names)
    for (const { ref } of FIRST) expect(text).toContain(`${names.of(ref)?.toolIdentifier}(`)
    expect(await compile({ 'tools.ts': text })).toEqual([])
  })

  it('are printed as one line each', () => {
    for (const spec of FIRST) {
      const line = printSignature(spec, names)
      expect(line.startsWith(`${names.of(spec.ref)?.path}(`), line).toBe(true)
      expect(line).not.toContain('\n')
    }
  })
})
