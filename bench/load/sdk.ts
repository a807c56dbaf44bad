/** A gateway as one would write it with the SDK's own transports on both sides. Argument: the upstream. */
import { createServer } from 'node:http'

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, Server } from '@modelcontextprotocol/server'

import { announce } from './child.ts'

const client = new Client({ name: 'bench', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } })
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2] ?? '')))

const handler = createMcpHandler(() => {
  const server = new Server({ name: 'bench', version: '1.0.0' }, { capabilities: { tools: {} } })
  server.setRequestHandler('tools/list', () => client.listTools())
  server.setRequestHandler('tools/call', ({ params }) => client.callTool(params))
  return server
})
const toNode = toNodeHandler(handler)
const server = createServer(
  (request, response) => void toNode(request as Parameters<typeof toNode>[0], response),
)
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => announce(server))
