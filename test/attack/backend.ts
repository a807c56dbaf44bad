import type { Call } from '../../src/core/call.ts'
import type { JsonObject } from '../../src/core/json.ts'
import type { Backend } from '../../src/core/ports.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import type { ToolSpec } from '../../src/core/tool.ts'

/** The upstream of the attack tests: tools that answer at once, in the gateway's own process. */
export interface InstantBackend extends Backend {
  /** Calls that have come in, in all. */
  readonly received: () => number
  /** Calls of `hang` whose signal has been aborted. */
  readonly aborted: () => number
}

/** From text, as it would come over a wire. */
const THENABLE = JSON.parse('{"then":"text","constructor":"text","toJSON":1}') as JsonObject

type Answer = (call: Call) => Result | Promise<Result>

/** Makes the upstream `test`. */
export function createInstantBackend(): InstantBackend {
  let received = 0
  let aborted = 0
  const answers: Readonly<Record<string, Answer>> = {
    echo: ({ args }) => ({ content: [], structuredContent: args }),
    add: ({ args }) => textResult(String(Number(args['a']) + Number(args['b']))),
    big: ({ args }) => textResult('x'.repeat(Number(args['bytes']))),
    wide: ({ args }) => textResult('€'.repeat(Number(args['chars']))),
    deep: ({ args }) => {
      const depth = Number(args['depth'])
      return textResult('['.repeat(depth) + ']'.repeat(depth))
    },
    thenable: () => ({ content: [], structuredContent: THENABLE }),
    proto: () => ({
      content: [],
      structuredContent: JSON.parse('{"__proto__":{"polluted":true}}') as JsonObject,
    }),
    fail: ({ args }) => ({
      content: [{ type: 'text', text: typeof args['text'] === 'string' ? args['text'] : 'failed' }],
      isError: true,
    }),
    hang: ({ signal }) =>
      new Promise((_, reject) => {
        const stop = (): void => {
          aborted += 1
          reject(new Error('stopped'))
        }
        if (signal.aborted) stop()
        else signal.addEventListener('abort', stop, { once: true })
      }),
  }
  const tools = Object.keys(answers).map(toSpec)
  return {
    server: 'test',
    status: () => ({ state: 'ready' }),
    tools: () => tools,
    quarantined: () => [],
    onChange: () => () => {},
    settled: () => Promise.resolve(),
    async call(call) {
      received += 1
      const answer = answers[call.tool.name]
      if (answer === undefined) throw new Error(`no tool ${call.tool.name}`)
      return answer(call)
    },
    close: () => Promise.resolve(),
    received: () => received,
    aborted: () => aborted,
  }
}

function toSpec(name: string): ToolSpec {
  const inputSchema = { type: 'object' }
  return { ref: { server: 'test', name }, inputSchema, definition: { name, inputSchema } }
}
