import { once } from 'node:events'
import { Agent, createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'

/** An address that adds the token. */
export interface TokenProxy {
  readonly url: string
  readonly close: () => Promise<void>
}

/**
 * Hands requests on as they are, with the token added: the suite cannot send one to a server. Host and Origin stay what
 * the suite made them, because it looks at what is done about them. Whoever goes away is seen to go on the other side.
 */
export async function startTokenProxy(target: string, token: string): Promise<TokenProxy> {
  const agent = new Agent({ keepAlive: true })
  const server = createServer((incoming, response) => {
    const { hostname, port } = new URL(target)
    const outgoing = send({
      agent,
      hostname,
      port,
      method: incoming.method,
      path: incoming.url,
      headers: { ...incoming.headers, authorization: `Bearer ${token}` },
    })
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      response.flushHeaders()
      pipeline(answer, response, () => {})
    })
    outgoing.on('error', () => void response.destroy())
    response.on('close', () => void outgoing.destroy())
    pipeline(incoming, outgoing, () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      agent.destroy()
      await closed
    },
  }
}
