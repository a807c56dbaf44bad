import { isJsonObject, type JsonObject } from '../../src/core/json.ts'
import type { Line } from './http-line.ts'
import { mainText, type Reply } from './reply.ts'

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

/** How somebody at a line calls tools. */
export type Form = (line: Line) => DoorClient

/** The client calls tools itself. */
export const direct: Form = (line) => {
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
export const found: Form = (line) => {
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
export const scripted: Form = (line) => {
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
      first(toReplies(await use(spell('code.run_script'), { resume: runOf(result)['id'] ?? '' }), 1)),
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
function runOf(result: JsonObject | undefined): JsonObject {
  const meta = result?.['_meta']
  const run = isJsonObject(meta) ? meta['isogate/run'] : undefined
  return isJsonObject(run) ? run : {}
}

/** At the endpoint of one server its own names are listed. */
function toKey(name: string): string {
  const dotted = name.replace('__', '.')
  return dotted.includes('.') ? dotted : `alpha.${dotted}`
}

function isTool(key: string): boolean {
  return !key.startsWith('code.')
}
