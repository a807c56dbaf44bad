/** The server behind the gateways that are compared: stdio, because all of them can start one; as little as can be an MCP server with sessions. */
import { createInterface } from 'node:readline'

interface Request {
  readonly id?: number | string
  readonly method: string
  readonly params?: Record<string, unknown>
}

const inputSchema = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] }

const RESULTS: Readonly<Record<string, (params: Record<string, unknown>) => object>> = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'load', version: '1.0.0' },
  }),
  ping: () => ({}),
  'tools/list': () => ({ tools: [{ name: 'echo', description: 'Gives back what it got.', inputSchema }] }),
  'tools/call': (params) => ({ content: [{ type: 'text', text: JSON.stringify(params['arguments']) }] }),
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params = {} } = JSON.parse(line) as Request
  if (id === undefined) return
  const result = RESULTS[method]?.(params)
  const answer = result === undefined ? { error: { code: -32_601, message: 'Method not found' } } : { result }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`)
})
