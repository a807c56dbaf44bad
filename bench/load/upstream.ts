/** The upstream of the load benchmark: as little as can be an MCP server, so that what is measured is the gateway. */
import { createServer } from 'node:http'

import { announce } from './child.ts'

const MODERN = '2026-07-28'
const toolCount = Number(process.argv[2] ?? 1)

/** What `big` gives beside what it got: JSON in a text, as servers give it. */
const BULK = JSON.stringify(
  Array.from({ length: 700 }, (_, index) => ({
    id: index,
    name: `item ${index}`,
    tags: ['a', 'b'],
    open: true,
  })),
)

const tools = Array.from({ length: toolCount + 1 }, (_, index) => ({
  name: ['echo', 'big'][index] ?? `tool_${index - 1}`,
  description: 'Gives back what it got.',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
}))
const complete = { resultType: 'complete', ttlMs: 60_000, cacheScope: 'public' }

const RESULTS: Readonly<Record<string, (params: Record<string, unknown>) => object>> = {
  'server/discover': () => ({
    ...complete,
    supportedVersions: [MODERN],
    capabilities: { tools: {} },
    serverInfo: { name: 'load', version: '1.0.0' },
  }),
  'tools/list': () => ({ ...complete, tools }),
  'tools/call': (params) => ({
    resultType: 'complete',
    content: [
      { type: 'text', text: JSON.stringify(params['arguments']) },
      ...(params['name'] === 'big' ? [{ type: 'text', text: BULK }] : []),
    ],
  }),
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const text = Buffer.concat(chunks).toString('utf8')
    const { id, method, params = {} } = text === '' ? {} : JSON.parse(text)
    const result = RESULTS[method]?.(params)
    if (result === undefined) {
      response.writeHead(405).end()
      return
    }
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result }))
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
    response.end(body)
  })
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(server))
