import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  ResultSchema,
} from '@modelcontextprotocol/sdk/types.js'

import { TOKEN } from '../gateway/open-house.ts'
import {
  ALL,
  ANSWER,
  type Asked,
  type EraClient,
  type EraClientParts,
  type Place,
  tapProgress,
} from './client.ts'

/** Longer than any test. */
const TIMEOUT_MS = 120_000

/** Connects a client of SDK 1.x: with a session over HTTP, or to a gateway of its own over standard input. */
export async function connectFirst(place: Place, parts: EraClientParts): Promise<EraClient> {
  const { capabilities = ALL, answer = ANSWER } = parts
  const client = new Client({ name: 'test', version: '1.0.0' }, { capabilities })
  const heard: Asked[] = []
  const asked: Asked[] = []
  client.fallbackNotificationHandler = async ({ method, params = {} }) => void heard.push({ method, params })
  const onAsked = ({ method, params = {} }: { method: string; params?: object | undefined }): never => {
    const question = { method, params: params as Record<string, unknown> }
    asked.push(question)
    // Its type depends on the question.
    return answer(question) as never
  }
  if (capabilities['elicitation'] !== undefined) client.setRequestHandler(ElicitRequestSchema, onAsked)
  if (capabilities['sampling'] !== undefined) client.setRequestHandler(CreateMessageRequestSchema, onAsked)
  if (capabilities['roots'] !== undefined) client.setRequestHandler(ListRootsRequestSchema, onAsked)
  const http = 'url' in place ? new StreamableHTTPClientTransport(new URL(place.url), withToken()) : undefined
  const transport =
    http ?? new StdioClientTransport({ ...('url' in place ? { command: '' } : place), stderr: 'ignore' })
  await client.connect(transport)
  const progress = tapProgress(transport)
  const request: EraClient['request'] = (method, params = {}, options = {}) =>
    client.request({ method, params }, ResultSchema, { timeout: TIMEOUT_MS, ...options })
  return {
    request,
    heard,
    asked,
    progress,
    subscribe: async (uri) => {
      await request('resources/subscribe', { uri })
      return async () => void (await request('resources/unsubscribe', { uri }))
    },
    // It is told of them without asking.
    watchLists: () => Promise.resolve(),
    greeting: () => ({
      instructions: client.getInstructions(),
      capabilities: client.getServerCapabilities(),
    }),
    setLevel: async (level) => void (await request('logging/setLevel', { level })),
    close: async () => {
      await http?.terminateSession()
      await client.close()
    },
  }
}

function withToken(): { requestInit: RequestInit } {
  return { requestInit: { headers: { authorization: `Bearer ${TOKEN}` } } }
}
