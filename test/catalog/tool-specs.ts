import type { JsonObject } from '../../src/core/json.ts'
import type { ToolSpec } from '../../src/core/tool.ts'
import { type Catalog, createCatalog } from '../../src/catalog/catalog.ts'

/** A tool for a test; what a test says nothing of is empty. */
export function toolSpec(server: string, name: string, parts: Partial<Omit<ToolSpec, 'ref'>> = {}): ToolSpec {
  const inputSchema: JsonObject = parts.inputSchema ?? { type: 'object' }
  const definition = { name, inputSchema, ...(parts.description ? { description: parts.description } : {}) }
  return { ref: { server, name }, inputSchema, definition, ...parts }
}

/** A catalog of the given tools, revision 1. */
export function catalogOf(...specs: ToolSpec[]): Catalog {
  return createCatalog({ revision: 1, specs })
}
