import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts'
import { mcpHeaders, post, rpc, type RawAnswer } from '../http/raw-request.ts'
import { readLists, RpcError, type Ask } from './lists.ts'
import type { Said } from './stdio-conversation.ts'

const VERSION = '2025-11-25'

/** Shakes hands with an endpoint, keeps the session if it gives one, and reads all lists. */
export async function readBySession(url: string): Promise<Said> {
  let headers = mcpHeaders()
  const send = (message: object): Promise<RawAnswer> =>
    post(url, JSON.stringify({ jsonrpc: '2.0', ...message }), headers)
  let nextId = 1
  const ask: Ask = async (method, params = {}) => {
    const id = nextId++
    const answer = await send({ id, method, params })
    const session = answer.headers.get('mcp-session-id')
    if (method === 'initialize') {
      headers = mcpHeaders({
        'mcp-protocol-version': VERSION,
        ...(session === null ? {} : { 'mcp-session-id': session }),
      })
    }
    return toResult(method, answer, id)
  }
  const { protocolVersion, capabilities } = await ask('initialize', {
    protocolVersion: VERSION,
    capabilities: {},
    clientInfo: { name: 'raw', version: '1' },
  })
  await send({ method: 'notifications/initialized' })
  const lists = await readLists(toObject(capabilities), ask)
  if ('mcp-session-id' in headers) await fetch(url, { method: 'DELETE', headers })
  return { protocolVersion, lists }
}

/** Speaks 2026-07-28 with an endpoint, each request on its own, and reads all lists. */
export async function readByEnvelope(url: string): Promise<Said> {
  let nextId = 1
  const ask: Ask = async (method, params = {}) => {
    const id = nextId++
    return toResult(method, await rpc(url, 'modern', method, params, id), id)
  }
  const { supportedVersions, capabilities } = await ask('server/discover')
  return { protocolVersion: supportedVersions, lists: await readLists(toObject(capabilities), ask) }
}

/** @throws RpcError where the answer is an error; an Error where there is no answer */
function toResult(method: string, { messages, status, text }: RawAnswer, id: number): JsonObject {
  const answer = messages.find((message) => message.id === id)
  if (answer?.error !== undefined) throw new RpcError(method, answer.error)
  if (answer?.result === undefined)
    throw new Error(`${method}: no answer, HTTP ${status} ${text.slice(0, 300)}`)
  return answer.result as JsonObject
}

const toObject = (value: Json | undefined): JsonObject => (isJsonObject(value) ? value : {})
