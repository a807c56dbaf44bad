import type { JsonObject } from '../../src/core/json.ts'
import { textResult } from '../../src/core/result.ts'
import { rpc, type Era, type RawAnswer } from '../http/raw-request.ts'
import { openHouse, type House } from './open-house.ts'
import { textOf } from './text-of.ts'

export const SAY_SCHEMA: JsonObject = {
  type: 'object',
  properties: { text: { type: 'string', description: 'What to say.' } },
  required: ['text'],
  additionalProperties: false,
}

/** A gateway in mode `search`, with a tool for each way in which one can answer. */
export function openSearchHouse(): House {
  return openHouse({
    servers: {
      alpha: {
        say: {
          inputSchema: SAY_SCHEMA,
          extra: { 'x-unknown': 1, _meta: { private: true } },
          answer: ({ args }) => textResult(`said ${args['text'] as string}`),
        },
        'get-all': {
          answer: () => ({
            content: [{ type: 'x-new', 'x-block': 1 }],
            structuredContent: { all: [1] },
            'x-result': { kept: true },
            _meta: { 'x-meta': 1 },
          }),
        },
        fails: {
          answer: () => ({ ...textResult('it went wrong'), structuredContent: { n: 1 }, isError: true }),
        },
        secret: {},
        steps: {
          answer: ({ onProgress }) => {
            onProgress?.({ progress: 1, total: 2, message: 'half' })
            return textResult('done')
          },
        },
      },
      beta: { look: {} },
    },
    serverConfig: { alpha: { tools: { deny: ['secret'] } } },
    config: { mode: 'search' },
  })
}

/** The texts of a result. */
export function textIn({ last }: RawAnswer): string {
  return textOf((last.result?.['content'] ?? []) as readonly JsonObject[])
}

/** The code of a refusal, however it came: as an error of the protocol or as a result. */
export function refusalIn({ last }: RawAnswer): unknown {
  const meta = last.result?.['_meta'] as JsonObject | undefined
  return last.error?.data?.['code'] ?? (meta?.['isogate/error'] as JsonObject | undefined)?.['code']
}

/** Calls a tool by its name. */
export function callAt(
  url: string,
  name: string,
  args: JsonObject = {},
  era: Era = 'legacy',
): Promise<RawAnswer> {
  return rpc(url, era, 'tools/call', { name, arguments: args })
}
