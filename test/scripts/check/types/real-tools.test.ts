import { describe, expect, it } from 'vitest'

import { createCatalog } from '../../../../src/catalog/catalog.ts'
import type { ToolSpec } from '../../../../src/core/tool.ts'
import { isJsonObject } from '../../../../src/core/json.ts'
import { createToolTypes } from '../../../../src/scripts/check/types/tool-types.ts'
import { HAS_SHARED_DATA, readRecords, SKIPPED, toSpec } from '../../../catalog/shared-data.ts'
import { compile } from '../../../catalog/stubs/compile.ts'

describe.skipIf(!HAS_SHARED_DATA)(`types of real tools${SKIPPED}`, () => {
  it('compile, results too', async () => {
    const odd = readRecords('schemas.json').map(({ schema }, index): ToolSpec => {
      const own = isJsonObject(schema) ? schema : {}
      const ref = { server: `odd${index % 20}`, name: `tool_${index}` }
      return { ref, inputSchema: own, outputSchema: own, definition: {} }
    })
    const specs = [...readRecords('tools.json').slice(0, 1_000).map(toSpec), ...odd]
    const { names } = createCatalog({ revision: 1, specs })
    const types = createToolTypes()
    const files: Record<string, string> = {}
    for (let from = 0; from < specs.length; from += 100) {
      const servers = new Map<string, Map<string, ToolSpec>>()
      for (const spec of specs.slice(from, from + 100)) {
        const own = servers.get(spec.ref.server) ?? new Map<string, ToolSpec>()
        servers.set(
          spec.ref.server,
          own.set(names.of(spec.ref)?.toolIdentifier ?? '', spec).set(spec.ref.name, spec),
        )
      }
      files[`types${from}.ts`] = types.print({
        servers,
        used: 'declared',
        soft: undefined,
        inputType: 'any',
      }).text
    }
    expect(await compile(files)).toEqual([])
  })
})
