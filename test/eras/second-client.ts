import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { z } from 'zod'

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
const ANYTHING = z.looseObject({})
const LOG_LEVEL = 'io.modelcontextprotocol/logLevel'

/** Connects a client of SDK 2.x that speaks 2026-07-28 and nothing else. */
export async function connectSecond(place: Place, parts: EraClientParts): Promise<EraClient> {
  const { capabilities = ALL, answer = ANSWER } = parts
  const client = new Client(
    { name: 'test', version: '1.0.0' },
    { capabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  const heard: Asked[] = []
  const asked: Asked[] = []
  let logLevel: string | undefined
  client.fallbackNotificationHandler = async ({ method, params = {} }) => void heard.push({ method, params })
  const onAsked = ({ method, params = {} }: { method: string; params?: object | undefined }): never => {
    const question = { method, params: params as Record<string, unknown> }
    asked.push(question)
    // Its type depends on the question.
    return answer(question) as never
  }
  if (capabilities['elicitation'] !== undefined) client.setRequestHandler('elicitation/create', onAsked)
  if (capabilities['sampling'] !== undefined) client.setRequestHandler('sampling/createMessage', onAsked)
  if (capabilities['roots'] !== undefined) client.setRequestHandler('roots/list', onAsked)
  const transport =
    'url' in place
      ? new StreamableHTTPClientTransport(new URL(place.url), {
          requestInit: { headers: { authorization: `Bearer ${TOKEN}` } },
        })
      : new StdioClientTransport({ ...place, stderr: 'ignore' })
  await client.connect(transport)
  const progress = tapProgress(transport)
  return {
    request: (method, params = {}, options = {}) => {
      const meta = {
        ...(params['_meta'] as object | undefined),
        ...(logLevel === undefined ? {} : { [LOG_LEVEL]: logLevel }),
      }
      const whole = Object.keys(meta).length === 0 ? params : { ...params, _meta: meta }
      return client.request({ method, params: whole }, ANYTHING, { timeout: TIMEOUT_MS, ...options })
    },
    heard,
    asked,
    progress,
    subscribe: async (uri) => {
      const subscription = await client.listen({ resourceSubscriptions: [uri] })
      if (subscription.honoredFilter.resourceSubscriptions?.includes(uri) !== true) {
        throw new Error(`${uri} is not listened to.`)
      }
      return () => subscription.close()
    },
    watchLists: async () => {
      await client.listen({ toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true })
    },
    greeting: () => ({
      instructions: client.getInstructions(),
      capabilities: client.getServerCapabilities(),
    }),
    setLevel: async (level) => {
      logLevel = level
    },
    close: () => client.close(),
  }
}
