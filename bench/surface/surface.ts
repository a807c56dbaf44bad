import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'

import { openGateway, systemClock } from '../../src/assemble.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../src/config/schema.ts'
import type { Backend } from '../../src/core/ports.ts'
import type { ToolSpec } from '../../src/core/tool.ts'
import { createListing } from '../../src/gateway/listing/aggregate.ts'
import { HAS_SHARED_DATA, readRecords, toSpec } from '../../test/catalog/shared-data.ts'
import { figure, type Figure } from '../figure.ts'

const SIZES = [10, 100, 508, 5_000]
const BUDGETS = [500, 1_500, 4_000]
const SOMEBODY = { id: 'somebody', kind: 'token' } as const

/**
 * What a client of Code Mode has in its context before its first call, in tokens of o200k_base: definitions and
 * instructions as the gateway sends them. The tools are real ones where they are there, else made up.
 */
export async function measureSurface(): Promise<Figure[]> {
  const figures: Figure[] = []
  const at = new Map<number, number>()
  for (const size of SIZES) {
    const specs = toolsOf(size)
    const bare = await contextOf(specs, 0)
    at.set(size, bare.definitions + bare.instructions)
    if (size === SIZES[0]) figures.push(figure('definitions', bare.definitions, 'tokens', 350))
    figures.push(figure(`context at ${size} tools, budget 0`, bare.definitions + bare.instructions, 'tokens'))
    for (const budget of BUDGETS) {
      const { instructions } = await contextOf(specs, budget)
      figures.push(
        figure(
          `instructions at ${size} tools, budget ${budget}, without the fixed text`,
          instructions - bare.instructions,
          'tokens',
          budget,
        ),
      )
    }
  }
  const all = [...at.values()]
  const spread = ((Math.max(...all) - Math.min(...all)) / Math.min(...all)) * 100
  figures.push(figure('spread of the context with budget 0', spread, '%', 2))
  return figures
}

/** Definitions and instructions over these tools, with a budget for the catalog. */
async function contextOf(
  specs: readonly ToolSpec[],
  catalogTokens: number,
): Promise<{ definitions: number; instructions: number }> {
  const servers = Map.groupBy(specs, ({ ref }) => ref.server)
  const plan = compileConfig(
    toConfig(
      CONFIG_SCHEMA.parse({
        mode: 'code',
        codeMode: { catalogTokens },
        sandbox: { warmIsolates: 0 },
        servers: Object.fromEntries([...servers.keys()].map((name) => [name, { command: 'none' }])),
      }),
    ),
    '/',
  )
  const silent = (): void => {}
  const gateway = openGateway(plan, {
    clock: systemClock,
    version: '0.0.0',
    log: { error: silent, warn: silent, info: silent, debug: silent },
    createUpstream: ({ name }) => listOnly(name, servers.get(name) ?? []),
    sandbox: { run: () => Promise.reject(new Error('no scripts here')), close: () => Promise.resolve() },
  })
  await gateway.settled()
  const listing = createListing(gateway, 'mcp', { mode: 'code', autoThresholdTokens: 0 })
  const definitions = countTokens(JSON.stringify(listing.tools(SOMEBODY)))
  const instructions = countTokens(listing.instructions(SOMEBODY) ?? '')
  await gateway.close()
  return { definitions, instructions }
}

function listOnly(server: string, tools: readonly ToolSpec[]): Backend {
  return {
    server,
    status: () => ({ state: 'ready' }),
    tools: () => tools,
    quarantined: () => [],
    onChange: () => () => {},
    settled: () => Promise.resolve(),
    call: () => Promise.reject(new Error('nothing is called here')),
    close: () => Promise.resolve(),
  }
}

/** So many tools; servers get names that a configuration may have. */
function toolsOf(count: number): readonly ToolSpec[] {
  const known = HAS_SHARED_DATA ? readRecords('tools.json').slice(0, count).map(toSpec) : []
  const made = Array.from({ length: count - known.length }, (_, n): ToolSpec => {
    const name = `tool_${n}`
    const inputSchema = { type: 'object', properties: { value: { type: 'string' } } }
    const definition = { name, description: `Does the work of number ${n}.`, inputSchema }
    return { ref: { server: `made-${Math.floor(n / 20)}`, name }, ...definition, definition }
  })
  return [...known, ...made].map((spec) => ({
    ...spec,
    ref: { ...spec.ref, server: `s${spec.ref.server.replace(/[^A-Za-z0-9_-]/g, '-')}`.slice(0, 32) },
  }))
}
