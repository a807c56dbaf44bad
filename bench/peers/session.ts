import { setTimeout as sleep } from 'node:timers/promises'

import { LEGACY, TOKEN, type Target } from '../load/generator.ts'

const START_MS = 20_000

/**
 * Waits until an endpoint answers, opens a session as every client of the older era does, and looks for the tool.
 *
 * @param ended says why the gateway has ended, where it has
 * @throws Error that says what is missing
 */
export async function openSession(url: string, ended: () => string | undefined): Promise<Target> {
  const params = {
    protocolVersion: LEGACY,
    capabilities: {},
    clientInfo: { name: 'load', version: '1.0.0' },
  }
  const opened = await untilAnswered(() => post(url, '', { id: 1, method: 'initialize', params }), ended)
  const session = opened.headers.get('mcp-session-id') ?? ''
  await opened.text()
  await (await post(url, session, { method: 'notifications/initialized' })).text()
  for (let tries = 0; tries < 40; tries++) {
    const answer = await post(url, session, { id: 2, method: 'tools/list', params: {} })
    const tool = /"name":"((?:[\w-]*[^\w"-]|[\w-]*_)?echo)"/.exec(await answer.text())?.[1]
    if (tool !== undefined) return { url, tool, session }
    await sleep(250)
  }
  throw new Error('it does not list the tool of its server')
}

/** Tries again as long as nobody listens, or who listens is not ready. */
export async function untilAnswered(
  ask: () => Promise<Response>,
  ended: () => string | undefined,
): Promise<Response> {
  const until = performance.now() + START_MS
  let last = 'nobody listens'
  while (performance.now() < until) {
    const end = ended()
    if (end !== undefined) throw new Error(end)
    try {
      const response = await ask()
      if (response.ok) return response
      last = `${response.status} ${(await response.text()).slice(0, 200)}`
    } catch (error) {
      last = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    }
    await sleep(200)
  }
  throw new Error(`it was not ready in ${START_MS / 1_000} s: ${last}`)
}

function post(url: string, session: string, message: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${TOKEN}`,
      ...(session === '' ? {} : { 'mcp-session-id': session, 'mcp-protocol-version': LEGACY }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    signal: AbortSignal.timeout(5_000),
  })
}
