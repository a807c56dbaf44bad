import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'

import { Client as ModernClient } from '@modelcontextprotocol/client'
import { StdioClientTransport as ModernStdio } from '@modelcontextprotocol/client/stdio'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

import { GatewayError } from '../../src/core/errors.ts'
import { isJsonObject, type JsonObject } from '../../src/core/json.ts'
import { toolKey } from '../../src/core/tool.ts'
import { readAnswer } from '../http/raw-request.ts'
import type { GovernedHouse } from './house.ts'
import { mcpName, WHO, type Line } from './http-line.ts'
import { ofResult, refusalOf, toRefusal } from './reply.ts'

/** What the clients of both SDKs have in common. */
interface AnyClient {
  readonly callTool: (params: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>
  readonly listTools: () => Promise<{ readonly tools: readonly { readonly name: string }[] }>
  readonly getInstructions: () => string | undefined
  readonly close: () => Promise<void>
}

function sdkLine(client: AnyClient): Line {
  return {
    spell: mcpName,
    use: (name, args) =>
      client.callTool({ name, arguments: { ...args } }).then(
        (result) => ({ ...ofResult(result as JsonObject), text: JSON.stringify(result) }),
        (thrown: unknown) => {
          const { code, message, data } = thrown as { code: number; message: string; data?: JsonObject }
          if (data === undefined) throw thrown
          return { ...refusalOf(data), text: JSON.stringify({ code, message, data }) }
        },
      ),
    list: async () => {
      const { tools } = await client.listTools()
      const text = JSON.stringify([tools, client.getInstructions()])
      return { names: tools.map(({ name }) => name), text }
    },
    close: () => client.close(),
  }
}

/** A line over the HTTP+SSE of 2024-11-05. */
export async function sseLine(url: string, secret: string): Promise<Line> {
  const client = new Client(WHO)
  const headers = { authorization: `Bearer ${secret}` }
  await client.connect(new SSEClientTransport(new URL(url), { requestInit: { headers } }))
  return sdkLine(client)
}

/** A line to a gateway of its own, which is another process with the store of the house. */
export async function stdioLine({ folder }: GovernedHouse, era: 'modern' | 'legacy'): Promise<Line> {
  const program = {
    command: process.execPath,
    args: [fileURLToPath(new URL('stdio-house.ts', import.meta.url)), folder],
  }
  const transport = era === 'modern' ? new ModernStdio(program) : new StdioClientTransport(program)
  const client =
    era === 'modern'
      ? new ModernClient(WHO, { versionNegotiation: { mode: { pin: '2026-07-28' } } })
      : new Client(WHO)
  // Each client goes with the transport of its own SDK.
  await client.connect(transport)
  return {
    ...sdkLine(client),
    release: () => void process.kill(transport.pid ?? 0, 'SIGUSR2'),
  }
}

/** A line over REST. */
export function restLine(url: string, secret: string): Line {
  const authorization = `Bearer ${secret}`
  return {
    spell: (tool) => tool,
    use: async (name, args) => {
      const path = name.split('.').map(encodeURIComponent).join('/')
      const answer = await fetch(`${url}/v1/tools/${path}/call`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(args),
      })
      const { status, headers, text, messages } = await readAnswer(answer)
      const [body = {}] = messages as JsonObject[]
      const { error } = body
      return {
        text,
        status,
        retryAfter: headers.get('retry-after'),
        ...(isJsonObject(error) ? { refusal: toRefusal(error) } : { result: body }),
      }
    },
    list: async () => {
      const text = await (await fetch(`${url}/v1/tools`, { headers: { authorization } })).text()
      const { tools = [] } = JSON.parse(text) as { tools?: { server: string; name: string }[] }
      return { names: tools.map(({ server, name }) => `${server}.${name}`), text }
    },
    close: () => Promise.resolve(),
  }
}

/** The command line, from where it has read its words. */
export async function cliLine({ gateway }: GovernedHouse, key: string): Promise<Line> {
  const principal = await gateway.principalOf(key)
  return {
    spell: (tool) => tool,
    use: (tool, args) => {
      const [server = '', name = ''] = tool.split('.')
      return gateway
        .handler(
          Object.freeze({
            id: randomUUID(),
            door: 'cli',
            principal,
            tool: { server, name },
            args,
            signal: new AbortController().signal,
          }),
        )
        .then(
          (result) => ({ result: result as unknown as JsonObject, text: JSON.stringify(result) }),
          (thrown: unknown) => {
            if (!(thrown instanceof GatewayError)) throw thrown
            const { code, message, detail } = thrown
            return {
              refusal: { code, detail },
              text: JSON.stringify({ code, message, detail }),
            }
          },
        )
    },
    list: () => {
      const names = gateway.visibleTools(principal, 'cli').map(({ ref }) => toolKey(ref))
      return Promise.resolve({ names, text: names.join('\n') })
    },
    close: () => Promise.resolve(),
  }
}
