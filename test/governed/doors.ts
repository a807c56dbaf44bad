import type { Door } from '../../src/core/call.ts'
import { rpcRequest } from '../http/raw-request.ts'
import { direct, found, scripted, type DoorClient, type Form } from './forms.ts'
import type { GovernedHouse } from './house.ts'
import { httpLine, type Speech } from './http-line.ts'
import { cliLine, restLine, sseLine, stdioLine } from './lines.ts'

/** One door, as the scenarios see it. */
export interface GovernedDoor {
  readonly name: string
  /** What the record of a call says. */
  readonly door: Door
  /** The tool that makes the calls, where the client does not. */
  readonly by?: 'code.run_script' | 'code.call_tool'
  /** False: nobody has a key here, and the policy is that of the gateway. */
  readonly hasKeys: boolean
  readonly open: (house: GovernedHouse, key: string, secret: string) => Promise<DoorClient>
  /** Where a stream may stay open: opens one. */
  readonly stream?: (house: GovernedHouse, secret: string) => Promise<Response>
  /** The cheapest request to an HTTP door. */
  readonly knock?: (house: GovernedHouse, secret: string) => Promise<Response>
}

/** A name of a key that is nobody else's. */
export function keyOf({ name }: GovernedDoor, of: string): string {
  return `${of}-${DOORS.findIndex((door) => door.name === name)}`
}

const LISTEN = { notifications: { toolsListChanged: true } }

function overHttp(
  name: string,
  path: string,
  speech: Speech,
  form: Form = direct,
): Pick<GovernedDoor, 'name' | 'hasKeys' | 'open' | 'knock' | 'stream'> {
  return {
    name,
    hasKeys: true,
    open: async ({ url }, _key, secret) => form(await httpLine(url + path, speech, secret)),
    knock: ({ url }, secret) => listBy(url + path, secret, speech),
    ...(speech === 'stateless' ? {} : { stream: ({ url }, secret) => streamOf(url + path, secret, speech) }),
  }
}

async function listBy(url: string, secret: string, speech: Speech): Promise<Response> {
  const { body, headers } = rpcRequest(speech === 'modern' ? 'modern' : 'legacy', 'tools/list')
  return fetch(url, { method: 'POST', body, headers: { ...headers, ...bearer(secret) } })
}

async function streamOf(url: string, secret: string, speech: Speech): Promise<Response> {
  if (speech === 'modern') {
    const { body, headers } = rpcRequest('modern', 'subscriptions/listen', LISTEN)
    return fetch(url, { method: 'POST', body, headers: { ...headers, ...bearer(secret) } })
  }
  const hello = {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  }
  const { body, headers } = rpcRequest('legacy', 'initialize', hello)
  const begun = await fetch(url, { method: 'POST', body, headers: { ...headers, ...bearer(secret) } })
  await begun.text()
  const session = begun.headers.get('mcp-session-id') ?? ''
  return fetch(url, {
    headers: {
      ...bearer(secret),
      accept: 'text/event-stream',
      'mcp-session-id': session,
      'mcp-protocol-version': '2025-11-25',
    },
  })
}

function bearer(secret: string): { readonly authorization: string } {
  return { authorization: `Bearer ${secret}` }
}

const overSse = ({ url }: GovernedHouse, secret: string): Promise<Response> =>
  fetch(`${url}/mcp/sse`, { headers: { ...bearer(secret), accept: 'text/event-stream' } })
const overRest = ({ url }: GovernedHouse, secret: string): Promise<Response> =>
  fetch(`${url}/v1/tools`, { headers: bearer(secret) })

const RUN = { door: 'script', by: 'code.run_script' } as const
const FIND = { door: 'mcp', by: 'code.call_tool' } as const

/** Every way to a tool. */
export const DOORS: readonly GovernedDoor[] = [
  { door: 'mcp', ...overHttp('/mcp/classic, 2026-07-28', '/mcp/classic', 'modern') },
  { door: 'mcp', ...overHttp('/mcp/classic, 2025-11-25', '/mcp/classic', 'session') },
  { door: 'mcp', ...overHttp('/mcp/classic, without a session', '/mcp/classic', 'stateless') },
  { door: 'mcp', ...overHttp('/mcp/s/<server>, 2026-07-28', '/mcp/s/alpha', 'modern') },
  { door: 'mcp', ...overHttp('/mcp/s/<server>, 2025-11-25', '/mcp/s/alpha', 'session') },
  { door: 'mcp', ...overHttp('/mcp/v/<name>', '/mcp/v/whole', 'modern') },
  { ...FIND, ...overHttp('call_tool, 2026-07-28', '/mcp/v/finder', 'modern', found) },
  { ...FIND, ...overHttp('call_tool, 2025-11-25', '/mcp/v/finder', 'session', found) },
  { ...RUN, ...overHttp('a script, /mcp/code, 2026-07-28', '/mcp/code', 'modern', scripted) },
  { ...RUN, ...overHttp('a script, /mcp/code, 2025-11-25', '/mcp/code', 'session', scripted) },
  {
    name: 'HTTP+SSE',
    door: 'mcp',
    hasKeys: true,
    open: async ({ url }, _key, secret) => direct(await sseLine(`${url}/mcp/sse`, secret)),
    knock: overSse,
    stream: overSse,
  },
  {
    name: 'REST',
    door: 'rest',
    hasKeys: true,
    open: ({ url }, _key, secret) => Promise.resolve(direct(restLine(url, secret))),
    knock: overRest,
  },
  {
    ...RUN,
    name: 'a script over REST',
    hasKeys: true,
    open: ({ url }, _key, secret) => Promise.resolve(scripted(restLine(url, secret))),
    knock: overRest,
  },
  {
    name: 'the command line',
    door: 'cli',
    hasKeys: true,
    open: async (house, key) => direct(await cliLine(house, key)),
  },
  {
    ...RUN,
    name: 'a script at the command line',
    hasKeys: true,
    open: async (house, key) => scripted(await cliLine(house, key)),
  },
  {
    name: 'standard input and output, 2025-11-25',
    door: 'stdio',
    hasKeys: false,
    open: async (house) => direct(await stdioLine(house, 'legacy')),
  },
  {
    name: 'standard input and output, 2026-07-28',
    door: 'stdio',
    hasKeys: false,
    open: async (house) => direct(await stdioLine(house, 'modern')),
  },
]
