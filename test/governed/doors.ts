import type { Door } from '../../src/core/call.ts'
import { isJsonObject, type JsonObject } from '../../src/core/json.ts'
import type { GovernedHouse } from './house.ts'
import { rpcRequest } from '../http/raw-request.ts'
import {
  cliLine,
  httpLine,
  restLine,
  sseLine,
  stdioLine,
  type Line,
  type Reply,
  type Speech,
} from './lines.ts'

/** Somebody at a door. Tools are named `server.tool`. */
export interface DoorClient {
  readonly call: (tool: string, args?: JsonObject) => Promise<Reply>
  /** Several calls at the same time. */
  readonly together: (tool: string, args: readonly JsonObject[]) => Promise<readonly Reply[]>
  /** Makes a call that waited for an approval again, in the way of the door. */
  readonly again: (reply: Reply, tool: string, args: JsonObject) => Promise<Reply>
  /** The tools that are listed, and everything else that is shown. */
  readonly shown: () => Promise<{ readonly tools: readonly string[]; readonly text: string }>
  /** Runs a script, where scripts make the calls. */
  readonly run?: (code: string) => Promise<Reply>
  readonly release?: () => void
  readonly close: () => Promise<void>
}

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

type Form = (line: Line) => DoorClient

/** The client calls tools itself. */
const direct: Form = (line) => {
  const { spell, use, list } = line
  const call: DoorClient['call'] = (tool, args = {}) => use(spell(tool), args)
  return {
    ...rest(line),
    call,
    together: (tool, many) => Promise.all(many.map((args) => call(tool, args))),
    again: (_reply, tool, args) => call(tool, args),
    shown: async () => {
      const { names, text } = await list()
      return { tools: names.map(toKey).filter(isTool), text }
    },
  }
}

/** The client calls tools by `call_tool`. */
const found: Form = (line) => {
  const { spell, use, list } = line
  const call: DoorClient['call'] = (tool, args = {}) =>
    use('call_tool', { name: spell(tool), arguments: args })
  return {
    ...rest(line),
    call,
    together: (tool, many) => Promise.all(many.map((args) => call(tool, args))),
    again: (_reply, tool, args) => call(tool, args),
    shown: async () => {
      const [{ text }, search, near, described] = await Promise.all([
        list(),
        use('search_tools', { query: '', limit: 50 }),
        use('search_tools', { query: 'secret open vault' }),
        use('describe_tools', { tools: ['alpha__say', 'alpha__secre', 'vault__ope'] }),
      ])
      const lines = mainText(search).split('\n')
      const tools = lines.flatMap((each) => /^\w+__\w+/.exec(each)?.[0] ?? []).map(toKey)
      return { tools, text: [text, ...lines, near.text, described.text].join('\n') }
    },
  }
}

/** Scripts call tools. */
const scripted: Form = (line) => {
  const { spell, use, list } = line
  const run = (code: string): Promise<Reply> => use(spell('code.run_script'), { code, check: 'off' })
  const together: DoorClient['together'] = async (tool, many) => {
    const [server = '', name = ''] = tool.split('.')
    const whole = await run(`const one = async (args) => {
  try { return { value: await tools[${JSON.stringify(server)}][${JSON.stringify(name)}](args) } }
  catch ({ code, message, detail }) { return { code, message, detail } }
}
return await Promise.all(${JSON.stringify(many)}.map(one))`)
    return toReplies(whole, many.length)
  }
  return {
    ...rest(line),
    run,
    call: async (tool, args = {}) => first(await together(tool, [args])),
    together,
    again: async ({ result }) =>
      first(toReplies(await use(spell('code.resume_run'), { run: runOf(result)['id'] ?? '' }), 1)),
    shown: async () => {
      const [{ text }, search, looked] = await Promise.all([
        list(),
        use(spell('code.search_tools'), { query: 'secret open vault' }),
        run(`const { tools: found } = await tools.$search('', { limit: 50 })
const near = await tools.$search('secret open vault')
const described = await tools.$describe(['alpha.say', 'alpha.secre', 'vault.ope'])
return { names: found.map(({ name }) => name), near, described }`),
      ])
      const { names } = JSON.parse(mainText(looked)) as { names: string[] }
      return {
        tools: names.map((name) => name.replace(/^tools\./, '')),
        text: [text, search.text, mainText(looked)].join('\n'),
      }
    },
  }
}

function rest({ release, close }: Line): Pick<DoorClient, 'release' | 'close'> {
  return { close, ...(release === undefined ? {} : { release }) }
}

function first(replies: readonly Reply[]): Reply {
  const [reply] = replies
  if (reply === undefined) throw new Error('No reply.')
  return reply
}

/** What each call of a script gave; where the whole was refused or waits, that for each. */
function toReplies(whole: Reply, count: number): readonly Reply[] {
  const { suspended } = runOf(whole.result)
  if (isJsonObject(suspended)) {
    const approval = /\ba_[\w-]{20}/.exec(mainText(whole))?.[0] ?? ''
    const refusal = { code: 'approval_pending', detail: { approval } }
    return Array.from({ length: count }, () => ({ ...whole, refusal }))
  }
  if (whole.refusal !== undefined || whole.result?.['isError'] === true)
    return Array.from({ length: count }, () => whole)
  const each = JSON.parse(mainText(whole)) as { code?: string; detail?: JsonObject; value?: unknown }[]
  return each.map((one) => ({
    text: JSON.stringify(one),
    ...(one.code === undefined
      ? { result: { content: [{ type: 'text', text: String(one.value) }] } }
      : { refusal: { code: one.code, detail: one.detail ?? {} } }),
  }))
}

/** What a run tells programs. */
export function runOf(result: JsonObject | undefined): JsonObject {
  const meta = result?.['_meta']
  const run = isJsonObject(meta) ? meta['isogate/run'] : undefined
  return isJsonObject(run) ? run : {}
}

/** The first text of a result. */
export function mainText({ result }: Pick<Reply, 'result'>): string {
  const [block] = (result?.['content'] ?? []) as readonly { text?: string }[]
  return block?.text ?? ''
}

/** At the endpoint of one server its own names are listed. */
function toKey(name: string): string {
  const dotted = name.replace('__', '.')
  return dotted.includes('.') ? dotted : `alpha.${dotted}`
}

function isTool(key: string): boolean {
  return !key.startsWith('code.')
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
