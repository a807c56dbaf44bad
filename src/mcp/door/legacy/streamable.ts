import type { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'

type Options = ConstructorParameters<typeof NodeStreamableHTTPServerTransport>[0]

/** The SDK's transport for clients of the older era over HTTP. Loaded when the first of them comes: it takes 8 MB. */
export async function createStreamable(options: Options): Promise<NodeStreamableHTTPServerTransport> {
  const sdk = await import('@modelcontextprotocol/node')
  return new sdk.NodeStreamableHTTPServerTransport(options)
}
