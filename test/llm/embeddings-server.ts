import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server was asked, and how it should misbehave. */
export interface EmbeddingsServer extends AsyncDisposable {
  readonly url: string
  readonly requests: { readonly authorization: string | undefined; readonly body: EmbeddingsRequest }[]
  /** Answers of the next requests in place of the right one, taken in turn. */
  readonly next: ({ readonly status: number; readonly body?: string } | 'silence')[]
}

export interface EmbeddingsRequest {
  readonly model: string
  readonly input: readonly string[]
  readonly dimensions?: number
}

/** Words that mean the same to this model. */
const MEANINGS: Readonly<Record<string, string>> = { feline: 'cat', kitten: 'cat', automobile: 'car' }

/** A real HTTP server that speaks the embeddings protocol. Its vectors are bags of hashed words. */
export async function startEmbeddingsServer(): Promise<EmbeddingsServer> {
  const requests: EmbeddingsServer['requests'] = []
  const next: EmbeddingsServer['next'] = []
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const body = JSON.parse(text) as EmbeddingsRequest
      requests.push({ authorization: request.headers.authorization, body })
      const wrong = next.shift()
      if (wrong === 'silence') return
      if (request.url !== '/v1/embeddings') response.statusCode = 404
      else if (wrong !== undefined) response.statusCode = wrong.status
      const data = body.input.map((input, index) => ({
        index,
        embedding: bagOf(input, body.dimensions ?? 64),
      }))
      // Any order is allowed.
      response.end(wrong?.body ?? JSON.stringify({ data: data.toReversed() }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    next,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}

function bagOf(text: string, dimensions: number): number[] {
  const bag = Array.from({ length: dimensions }, () => 0)
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) {
    let hash = 0
    for (const char of MEANINGS[word] ?? word) hash = (hash * 31 + char.charCodeAt(0)) % 65_521
    bag[hash % dimensions] = (bag[hash % dimensions] ?? 0) + 1
  }
  return bag
}
