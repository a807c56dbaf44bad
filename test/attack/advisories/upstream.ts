import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { compileConfig } from '../../../src/config/compile.ts'
import { CONFIG_SCHEMA, toConfig } from '../../../src/config/schema.ts'
import type { Gateway } from '../../../src/gateway/gateway.ts'
import { servePlan } from '../../gateway/serve-plan.ts'

/** A request as it came over the wire. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/** Answers one request of the protocol; undefined where the usual answer will do. */
export type Answer = (
  message: RpcMessage,
  response: ServerResponse,
  seen: Seen,
) => object | 'answered' | undefined

export interface RpcMessage {
  readonly id?: unknown
  readonly method?: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** A server behind HTTP that keeps everything that it is sent. */
export interface Upstream extends AsyncDisposable {
  readonly url: string
  readonly origin: string
  readonly seen: readonly Seen[]
  /** What calls of tools carried. */
  readonly calls: () => readonly Readonly<Record<string, unknown>>[]
  readonly close: () => Promise<void>
}

export interface UpstreamParts {
  readonly tools?: readonly object[]
  readonly answer?: Answer
  /** Before the protocol is looked at; true where the request is answered. */
  readonly intercept?: (seen: Seen, response: ServerResponse) => boolean
}

export const tool = (name: string, more: object = {}): object => ({
  name,
  description: `The tool ${name}.`,
  inputSchema: { type: 'object', properties: {} },
  ...more,
})

/** Serves the older era at /mcp, by hand, so that it can be hostile. */
export async function startUpstream({
  tools = [tool('read')],
  answer,
  intercept,
}: UpstreamParts = {}): Promise<Upstream> {
  const seen: Seen[] = []
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: path = '', headers } = request
    let text = ''
    for await (const chunk of request.setEncoding('utf8')) text += chunk as string
    const one = { method, path, headers, text }
    seen.push(one)
    if (intercept?.(one, response) === true) return
    const message = method === 'POST' ? (JSON.parse(text) as RpcMessage) : undefined
    if (message?.id === undefined) {
      response.writeHead(message === undefined ? 405 : 202).end()
      return
    }
    const own = answer?.(message, response, one)
    if (own !== 'answered') sendRpc(response, message.id, own ?? usual(message, tools))
  }
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    return closed
  }
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    url: `${origin}/mcp`,
    seen,
    calls: () =>
      seen
        .filter(({ method, text }) => method === 'POST' && text.includes('"tools/call"'))
        .map(({ text }) => (JSON.parse(text) as RpcMessage).params ?? {}),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** Answers with a result, or with an error where it is `{ error }`. */
export function sendRpc(response: ServerResponse, id: unknown, value: object): void {
  const body = 'error' in value ? value : { result: value }
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ jsonrpc: '2.0', id, ...body }))
}

function usual({ method }: RpcMessage, tools: readonly object[]): object {
  if (method === 'initialize') {
    const capabilities = { tools: { listChanged: true } }
    return { protocolVersion: '2025-11-25', capabilities, serverInfo: { name: 'fixture', version: '1' } }
  }
  if (method === 'tools/list') return { tools }
  if (method === 'tools/call') return { content: [{ type: 'text', text: 'done' }] }
  if (method === 'ping') return {}
  return { error: { code: -32_601, message: 'Method not found' } }
}

/** A real gateway with its HTTP door, over the servers of a configuration. */
export async function serveConfig(
  config: object,
): Promise<AsyncDisposable & { readonly url: string; readonly gateway: Gateway }> {
  const plan = compileConfig(
    toConfig(CONFIG_SCHEMA.parse({ http: { port: 0 }, store: { path: false }, ...config })),
    process.cwd(),
  )
  const { gateway, http } = await servePlan(plan)
  return {
    url: http.url,
    gateway,
    [Symbol.asyncDispose]: async () => {
      await http.close()
      await gateway.close()
    },
  }
}
