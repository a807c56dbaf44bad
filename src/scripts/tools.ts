import { CALL_TOOL, CODE_SERVER } from '../config/own-tools.ts'
import type { JsonObject } from '../core/json.ts'
import type { ToolSpec } from '../core/tool.ts'

/*
 * Each client has these in its context at every turn, so they are as short as they can be: bounds are seen to where the arguments are used.
 */

const SEARCH_SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    query: { type: 'string' },
    server: { type: 'string' },
    limit: { type: 'integer' },
    cursor: { type: 'string' },
  },
  required: ['query'],
}

const DESCRIBE_SCHEMA: JsonObject = {
  type: 'object',
  properties: { tools: { type: 'array', items: { type: 'string' } } },
  required: ['tools'],
}

const READS = { readOnlyHint: true }

/** What is said of `call_tool` where nothing is known of the tools behind it; a listing puts what it knows in its place. */
const ANYTHING = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }

/**
 * The tools of Isogate itself as models see them: those of Code Mode, then those of mode `search`. Byte-stable: whatever is connected, these texts do not change, so that the
 * prompt caches of clients hold. What changes goes into results and instructions.
 */
export const CODE_TOOLS: readonly ToolSpec[] = Object.freeze([
  spec(
    'search_tools',
    'Find tools: callable TypeScript signatures. An empty query lists all.',
    SEARCH_SCHEMA,
    READS,
  ),
  spec('describe_tools', 'Full TypeScript declarations of tools, by name.', DESCRIBE_SCHEMA, READS),
  spec(
    'run_script',
    'Run TypeScript: `await tools.server.tool({...})` calls a tool, Promise.all several; `return` only what you need. dryRun: only reads are real. resume: a suspended run.',
    {
      type: 'object',
      properties: {
        code: { type: 'string' },
        input: {},
        dryRun: { type: 'boolean' },
        check: { enum: ['error', 'warn', 'off'] },
        resume: { type: 'string' },
        approve: { type: 'boolean' },
      },
      additionalProperties: false,
    },
    { openWorldHint: true },
  ),
  spec(
    'search_tools_classic',
    'Find tools. Gives names with arguments and results; an empty query lists all.',
    SEARCH_SCHEMA,
    READS,
    'search_tools',
  ),
  spec(
    'describe_tools_classic',
    'Full descriptions and JSON Schemas of tools, by name.',
    DESCRIBE_SCHEMA,
    READS,
    'describe_tools',
  ),
  spec(
    CALL_TOOL,
    'Call a tool by the name that search_tools gave; `arguments` as its inputSchema says. Gives the result of the tool.',
    {
      type: 'object',
      properties: { name: { type: 'string' }, arguments: { type: 'object' } },
      required: ['name'],
      additionalProperties: false,
    },
    ANYTHING,
  ),
])

/** @param listed The name in the list: two modes have a tool of one name, and each is a tool of its own in rules and records. */
function spec(
  name: string,
  description: string,
  inputSchema: JsonObject,
  annotations: JsonObject,
  listed = name,
): ToolSpec {
  return Object.freeze({
    ref: { server: CODE_SERVER, name },
    description,
    inputSchema,
    annotations,
    definition: { name: listed, description, inputSchema, annotations },
  })
}
