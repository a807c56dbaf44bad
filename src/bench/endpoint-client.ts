import { isJsonObject, type Json, type JsonObject } from '../core/json.ts'
import type { Answer, Shown, StageClient } from './stage.ts'

/** A revision of MCP in which a request over HTTP may stand for itself, without a session. */
const REVISION = '2025-06-18'
const WAIT_MS = 120_000

interface Session {
  /** Absent where the endpoint keeps none. */
  readonly id: string | undefined
  readonly instructions: string
}

/**
 * A client of an endpoint over HTTP, as plain as they come: one request after its session has begun, and the answer as it is.
 *
 * @param url of the endpoint, with the mode that is wished for where that is not its own
 */
export function createEndpointClient(url: URL, token: string): StageClient {
  let lastId = 0
  let shown: Promise<Shown> | undefined
  let session: Promise<Session> | undefined

  const headersOf = (id: string | undefined): Record<string, string> => ({
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
    'mcp-protocol-version': REVISION,
    ...(id === undefined ? {} : { 'mcp-session-id': id }),
  })

  async function begin(): Promise<Session> {
    const { response, result } = await send('initialize', undefined, {
      protocolVersion: REVISION,
      capabilities: {},
      clientInfo: { name: 'isogate-bench', version: '1' },
    })
    const { instructions } = result
    return {
      id: response.headers.get('mcp-session-id') ?? undefined,
      instructions: typeof instructions === 'string' ? instructions : '',
    }
  }

  async function request(method: string, params: JsonObject): Promise<JsonObject> {
    const { id } = await (session ??= begin())
    return (await send(method, id, params)).result
  }

  async function send(
    method: string,
    sessionId: string | undefined,
    params: JsonObject,
  ): Promise<{ readonly response: Response; readonly result: JsonObject }> {
    const response = await fetch(url, {
      method: 'POST',
      headers: headersOf(sessionId),
      body: JSON.stringify({ jsonrpc: '2.0', id: ++lastId, method, params }),
      signal: AbortSignal.timeout(WAIT_MS),
    })
    const answer = parseAnswer(await response.text())
    const { result, error } = answer
    if (isJsonObject(result)) return { response, result }
    const message = isJsonObject(error) ? error['message'] : undefined
    const text = typeof message === 'string' ? message : `HTTP ${response.status}`
    return { response, result: { isError: true, content: [{ type: 'text', text }] } }
  }

  async function show(): Promise<Shown> {
    const { instructions } = await (session ??= begin())
    return { instructions, tools: await listAll() }
  }

  async function listAll(): Promise<readonly JsonObject[]> {
    const all: JsonObject[] = []
    let cursor: Json | undefined
    do {
      const page = await request('tools/list', cursor === undefined ? {} : { cursor })
      if (Array.isArray(page['tools'])) all.push(...page['tools'].filter(isJsonObject))
      cursor = page['nextCursor']
    } while (typeof cursor === 'string')
    return all
  }

  return {
    show: () => (shown ??= show()),
    call: async (name, args) => toAnswer(await request('tools/call', { name, arguments: args })),
    async forget() {
      const ended = await session
      session = undefined
      if (ended?.id === undefined) return
      const response = await fetch(url, { method: 'DELETE', headers: headersOf(ended.id) })
      await response.body?.cancel()
    },
  }
}

/** One message, as JSON or as the last event of a stream. */
function parseAnswer(text: string): JsonObject {
  const data = text.startsWith('{')
    ? text
    : text
        .split('\n')
        .findLast((line) => line.startsWith('data: {'))
        ?.slice('data: '.length)
  try {
    const parsed: Json = JSON.parse(data ?? 'null')
    return isJsonObject(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

/** What a client hands to its model: the texts; what else there is by its kind. */
function toAnswer(result: JsonObject): Answer {
  const { content, structuredContent, isError } = result
  const blocks = Array.isArray(content) ? content.filter(isJsonObject) : []
  const text = blocks
    .map((block) => (typeof block['text'] === 'string' ? block['text'] : JSON.stringify(block)))
    .join('\n')
  return { text, isError: isError === true, value: structuredContent ?? toValue(text) }
}

function toValue(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
