import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { JsonObject } from '../../src/core/json.ts'
import type { ToolSpec } from '../../src/core/tool.ts'
import { leastPermissive } from '../../src/gateway/listing/own-tools.ts'
import { rpc, toolsIn } from '../http/raw-request.ts'
import { openHouse } from './open-house.ts'

const specOf = (annotations: JsonObject | undefined): ToolSpec => ({
  ref: { server: 'a', name: 'b' },
  inputSchema: {},
  definition: {},
  ...(annotations === undefined ? {} : { annotations }),
})
const hintsOf = (...all: readonly (JsonObject | undefined)[]): JsonObject => leastPermissive(all.map(specOf))

const READS = { readOnlyHint: true, idempotentHint: true, openWorldHint: false }
const ADDS = { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false }
const NOTHING_PROMISED = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
}

describe('the hints of call_tool', () => {
  test('promise nothing where there is no tool, or one that says nothing', () => {
    expect(hintsOf()).toEqual(NOTHING_PROMISED)
    expect(hintsOf(undefined)).toEqual(NOTHING_PROMISED)
    expect(hintsOf(READS, ADDS, {})).toEqual(NOTHING_PROMISED)
  })

  test('are those of all tools together', () => {
    expect(hintsOf(READS, READS)).toEqual({
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    })
    expect(hintsOf(READS, ADDS)).toEqual({
      readOnlyHint: false,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    })
    expect(hintsOf(READS, { ...ADDS, destructiveHint: true })).toMatchObject({ destructiveHint: true })
    expect(hintsOf(READS, { ...READS, openWorldHint: true })).toMatchObject({
      openWorldHint: true,
      readOnlyHint: true,
    })
    // A reading tool destroys nothing, whatever it says.
    expect(hintsOf({ ...READS, destructiveHint: true })).toMatchObject({ destructiveHint: false })
  })

  test('never promise more than any one tool does, with the defaults of the protocol', () => {
    const hint = fc.option(fc.boolean(), { nil: undefined })
    const annotations = fc.record(
      { readOnlyHint: hint, destructiveHint: hint, idempotentHint: hint, openWorldHint: hint },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(annotations, { minLength: 1, maxLength: 5 }), (all) => {
        const told = leastPermissive(all.map((hints) => specOf(hints as JsonObject)))
        for (const {
          readOnlyHint = false,
          destructiveHint = true,
          openWorldHint = true,
          idempotentHint = false,
        } of all) {
          if (!readOnlyHint) expect(told['readOnlyHint']).toBe(false)
          if (!readOnlyHint && destructiveHint) expect(told['destructiveHint']).toBe(true)
          if (openWorldHint) expect(told['openWorldHint']).toBe(true)
          if (!idempotentHint) expect(told['idempotentHint']).toBe(false)
        }
      }),
    )
  })

  test('are those of the tools that the endpoint has', async () => {
    await using house = openHouse({
      scripts: false,
      servers: { alpha: { look: { extra: { annotations: READS } }, drop: {} } },
      config: {
        mode: 'search',
        virtualServers: { reading: { tools: ['alpha.look'] }, all: { tools: ['alpha.*'] } },
      },
    })
    const { url } = await house.listenHttp()
    const hintsAt = async (path: string): Promise<unknown> =>
      toolsIn(await rpc(url + path, 'modern', 'tools/list')).find(({ name }) => name === 'call_tool')?.[
        'annotations'
      ]
    expect(await hintsAt('/mcp')).toEqual(NOTHING_PROMISED)
    expect(await hintsAt('/mcp/v/all')).toEqual(NOTHING_PROMISED)
    expect(await hintsAt('/mcp/v/reading')).toMatchObject({ readOnlyHint: true, destructiveHint: false })
  })
})
