import type { JsonObject } from '../core/json.ts'
import type { ToolSpec } from '../core/tool.ts'

/** The server name of Isogate's own tools. */
export const CODE_SERVER = 'code'

/**
 * The tools of Code Mode as models see them. Byte-stable: whatever is connected, these texts do not change, so that the
 * prompt caches of clients hold. What changes goes into results and instructions.
 */
export const CODE_TOOLS: readonly ToolSpec[] = Object.freeze([
  spec('search_tools', 'Find tools. Gives callable TypeScript signatures; an empty query lists all.', {
    type: 'object',
    properties: {
      query: { type: 'string' },
      server: { type: 'string' },
      limit: { type: 'integer', minimum: 1, maximum: 50 },
      offset: { type: 'integer', minimum: 0 },
    },
    required: ['query'],
    additionalProperties: false,
  }),
  spec('describe_tools', 'Full TypeScript declarations of tools, by name.', {
    type: 'object',
    properties: { tools: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 50 } },
    required: ['tools'],
    additionalProperties: false,
  }),
  spec(
    'run_script',
    'Run TypeScript with top-level await. `await tools.server.tool({...})` calls a tool (use Promise.all for several); `return` gives the result, keep it small. Only ECMAScript, `tools` and `console`; no imports or network.',
    {
      type: 'object',
      properties: { code: { type: 'string' } },
      required: ['code'],
      additionalProperties: false,
    },
  ),
])

function spec(name: string, description: string, inputSchema: JsonObject): ToolSpec {
  const annotations = name === 'run_script' ? { openWorldHint: true } : { readOnlyHint: true }
  const definition = { name, description, inputSchema, annotations }
  return Object.freeze({
    ref: { server: CODE_SERVER, name },
    description,
    inputSchema,
    annotations,
    definition,
  })
}
