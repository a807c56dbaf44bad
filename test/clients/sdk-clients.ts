import {
  Client as SecondClient,
  StreamableHTTPClientTransport as SecondTransport,
  type ClientOptions,
} from '@modelcontextprotocol/client'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as FirstTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

import { TOKEN } from '../gateway/open-house.ts'

/** What a test needs of a client, whichever SDK it was made with. */
export interface SdkClient {
  readonly listTools: () => Promise<{ readonly tools: readonly { readonly name: string }[] }>
  /** The texts of the result. */
  readonly callTool: (name: string, args: Record<string, unknown>) => Promise<string>
  readonly instructions: () => string
  readonly close: () => Promise<void>
}

const WHO = { name: 'test', version: '1.0.0' }
const HEADERS = { requestInit: { headers: { authorization: `Bearer ${TOKEN}` } } }

/** The clients of the day, each with a way to connect to an address. */
export const SDK_CLIENTS: Readonly<Record<string, (url: string) => Promise<SdkClient>>> = {
  'SDK 1.x': async (url) => {
    const client = new FirstClient(WHO)
    await client.connect(new FirstTransport(new URL(url), HEADERS))
    return toSdkClient(client)
  },
  'SDK 2.x, which asks for the era': (url) => connectSecond(url, { versionNegotiation: { mode: 'auto' } }),
  'SDK 2.x, 2026-07-28 only': (url) =>
    connectSecond(url, { versionNegotiation: { mode: { pin: '2026-07-28' } } }),
  'SDK 2.x, the older era': (url) => connectSecond(url, {}),
}

async function connectSecond(url: string, options: ClientOptions): Promise<SdkClient> {
  const client = new SecondClient(WHO, options)
  await client.connect(new SecondTransport(new URL(url), HEADERS))
  return toSdkClient(client)
}

/** What the clients of both SDKs have in common. */
interface AnyClient {
  readonly listTools: () => Promise<{ readonly tools: readonly { readonly name: string }[] }>
  readonly callTool: (params: { name: string; arguments: Record<string, unknown> }) => Promise<unknown>
  readonly getInstructions: () => string | undefined
  readonly close: () => Promise<void>
}

function toSdkClient(client: AnyClient): SdkClient {
  return {
    listTools: () => client.listTools(),
    callTool: async (name, args) => {
      const { content } = (await client.callTool({ name, arguments: args })) as {
        content: readonly { readonly text?: string }[]
      }
      return content.map(({ text }) => text ?? '').join('\n')
    },
    instructions: () => client.getInstructions() ?? '',
    close: () => client.close(),
  }
}
