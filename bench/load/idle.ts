import { Agent, request, type Dispatcher } from 'undici'

import { figure, type Figure } from '../figure.ts'
import { startPeer } from './child.ts'
import { TOKEN } from './generator.ts'

/** The memory of a process grows by more than what its clients need, and in steps: so many are there before it is measured. */
const FIRST_CLIENTS = 1_000
const FURTHER_CLIENTS = 2_000
const TOGETHER = 20
const SETTLE_MS = 1_000

const MODERN = '2026-07-28'
const LEGACY = '2025-11-25'
const OWN = 'io.modelcontextprotocol/'

/** A client that has connected and now does nothing. */
type Connect = (url: string, agent: Agent) => Promise<void>

/**
 * What each further client that does nothing, beyond a thousand of them, costs the gateway's process: with 2026-07-28 each holds a stream on which changes are
 * told, with a session the session and its stream.
 */
export async function measureIdle(): Promise<Figure[]> {
  return [
    figure('memory per idle client, 2026-07-28', await perClient(connectModern), 'KB', 40),
    figure('memory per idle client, a session', await perClient(connectSession), 'KB', 120),
  ]
}

async function perClient(connect: Connect): Promise<number> {
  const upstream = await startPeer('upstream.ts')
  const peer = await startPeer('governed.ts', '1', upstream.url)
  const agent = new Agent({ connections: FIRST_CLIENTS + FURTHER_CLIENTS, bodyTimeout: 0 })
  try {
    await connectMany(connect, peer.url, agent, FIRST_CLIENTS)
    const before = await settledBytes(peer)
    await connectMany(connect, peer.url, agent, FURTHER_CLIENTS)
    return ((await settledBytes(peer)) - before) / FURTHER_CLIENTS / 1_024
  } finally {
    await Promise.all([agent.destroy(), peer.stop(), upstream.stop()])
  }
}

async function connectMany(connect: Connect, url: string, agent: Agent, count: number): Promise<void> {
  for (let index = 0; index < count; index += TOGETHER) {
    await Promise.all(Array.from({ length: TOGETHER }, () => connect(url, agent)))
  }
}

async function settledBytes({ residentBytes }: { residentBytes: () => Promise<number> }): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
  // Twice: the first collection queues what the second can free.
  await residentBytes()
  return residentBytes()
}

/** Asks who is there, and listens. */
async function connectModern(url: string, agent: Agent): Promise<void> {
  const _meta = {
    [`${OWN}protocolVersion`]: MODERN,
    [`${OWN}clientInfo`]: { name: 'idle', version: '1.0.0' },
    [`${OWN}clientCapabilities`]: {},
  }
  const ask = (method: string, params: object): Promise<Dispatcher.ResponseData> =>
    post(
      url,
      agent,
      { method, params: { ...params, _meta } },
      { 'mcp-protocol-version': MODERN, 'mcp-method': method },
    )
  await (await ask('server/discover', {})).body.dump()
  const listening = await ask('subscriptions/listen', { notifications: { toolsListChanged: true } })
  await firstChunk(listening)
}

/** Opens a session and its stream. */
async function connectSession(url: string, agent: Agent): Promise<void> {
  const clientInfo = { name: 'idle', version: '1.0.0' }
  const params = { protocolVersion: LEGACY, capabilities: {}, clientInfo }
  const opened = await post(url, agent, { method: 'initialize', params }, {})
  await opened.body.dump()
  const session = {
    'mcp-session-id': String(opened.headers['mcp-session-id']),
    'mcp-protocol-version': LEGACY,
  }
  const ready = await post(url, agent, { method: 'notifications/initialized' }, session, false)
  await ready.body.dump()
  const headers = { ...session, authorization: `Bearer ${TOKEN}`, accept: 'text/event-stream' }
  const stream = await request(url, { dispatcher: agent, headers })
  if (stream.statusCode !== 200) throw new Error(`the stream was refused: ${stream.statusCode}`)
  stream.body.on('error', () => {}).resume()
}

async function post(
  url: string,
  dispatcher: Agent,
  message: object,
  more: Record<string, string>,
  isRequest = true,
): Promise<Dispatcher.ResponseData> {
  const answer = await request(url, {
    dispatcher,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${TOKEN}`,
      ...more,
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...(isRequest ? { id: 1 } : {}), ...message }),
  })
  if (answer.statusCode >= 300) throw new Error(`refused: ${answer.statusCode} ${await answer.body.text()}`)
  return answer
}

/** Resolves with the first words of a stream, which then stays open. */
function firstChunk({ body }: Dispatcher.ResponseData): Promise<void> {
  return new Promise((resolve, reject) => {
    body.once('data', () => resolve())
    body.once('error', reject)
    body.on('error', () => {})
  })
}
