import { GatewayError } from '../../src/core/errors.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import { openHouse, type House } from './open-house.ts'

/**
 * The gateway that every door is tried on: one server with a tool for each way in which a call can end. `reached` tells
 * what has come through to the server, also where that is in another process.
 */
export function openDoorsHouse(): House {
  const house: House = openHouse({
    servers: {
      alpha: {
        say: {
          inputSchema: {
            type: 'object',
            properties: { text: { type: 'string' } },
            required: ['text'],
            additionalProperties: false,
          },
          answer: ({ args }) => textResult(`said ${args['text'] as string}`),
        },
        secret: {},
        fails: { answer: () => ({ ...textResult('it went wrong'), isError: true }) },
        hangs: { answer: () => new Promise<Result>(() => {}) },
        down: {
          answer: () => {
            throw new GatewayError('upstream_unavailable', 'The server is not connected.')
          },
        },
        breaks: {
          answer: () => {
            throw new TypeError('cannot read /etc/shadow')
          },
        },
        reached: {
          answer: () =>
            textResult((house.backends['alpha']?.calls ?? []).map(({ tool }) => tool.name).join(' ')),
        },
      },
    },
    config: { virtualServers: { all: { mode: 'search', tools: ['*'] } } },
    serverConfig: { alpha: { tools: { deny: ['secret'] }, timeouts: { callMs: 400 } } },
  })
  return house
}
