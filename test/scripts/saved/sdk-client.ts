import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

import type { JsonObject } from '../../../src/core/json.ts'
import { TOKEN } from '../../gateway/open-house.ts'

/** A client that others use, and that holds an output schema against what it gets. */
export interface SdkClient extends AsyncDisposable {
  readonly listTools: () => Promise<readonly JsonObject[]>
  readonly callTool: (name: string, args: JsonObject) => Promise<JsonObject>
}

export async function sdkClient(url: string): Promise<SdkClient> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  const headers = { authorization: `Bearer ${TOKEN}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
  return {
    listTools: async () => (await client.listTools()).tools as unknown as readonly JsonObject[],
    callTool: async (name, args) =>
      (await client.callTool({ name, arguments: args })) as unknown as JsonObject,
    [Symbol.asyncDispose]: () => client.close(),
  }
}
