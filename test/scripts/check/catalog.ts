import { createCatalog, type Catalog } from '../../../src/catalog/catalog.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { ToolSpec } from '../../../src/core/tool.ts'

function toSpec(
  server: string,
  name: string,
  properties: JsonObject,
  required: string[],
  outputSchema?: JsonObject,
): ToolSpec {
  const inputSchema = { type: 'object', properties, required }
  return {
    ref: { server, name },
    description: `Does ${name}.`,
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    definition: { name, inputSchema },
  }
}

const STATE = { enum: ['open', 'closed'] }
const ISSUE = {
  type: 'object',
  properties: { id: { type: 'number' }, title: { type: 'string' }, state: STATE, extra: {} },
  required: ['id', 'title'],
}

/** Tools with declared results, without, with odd names, and one that is not to be seen. */
export const CATALOG: Catalog = createCatalog({
  revision: 1,
  specs: [
    { ref: { server: 'bare', name: 'go' }, inputSchema: { type: 'object' }, definition: { name: 'go' } },
    toSpec(
      'github',
      'list_issues',
      {
        owner: { type: 'string' },
        repo: { type: 'string' },
        state: STATE,
        labels: { type: 'array', items: { enum: ['bug', 'idea'] } },
        filter: { type: 'object', properties: { author: { type: 'string' } } },
      },
      ['owner', 'repo'],
      { type: 'object', properties: { items: { type: 'array', items: ISSUE } }, required: ['items'] },
    ),
    toSpec('github', 'close-issue', { id: { type: 'number' } }, ['id']),
    toSpec('files', 'read', { path: { type: 'string' } }, ['path']),
    toSpec('files', 'stat', { path: { type: 'string' } }, ['path'], {
      anyOf: [
        { type: 'object', properties: { size: { type: 'number' } }, required: ['size'] },
        { type: 'object', properties: { reason: { type: 'string' } }, required: ['reason'] },
      ],
    }),
    toSpec('files', 'now', {}, []),
    toSpec('vault', 'read_secret', {}, []),
  ],
})

/** All but the vault. */
export function isVisible({ ref }: ToolSpec): boolean {
  return ref.server !== 'vault'
}
