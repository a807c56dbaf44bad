import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { Json, JsonObject } from '../../../src/core/json.ts'

/** What a request says, whichever format it has. */
export interface Asked {
  readonly api: 'openai' | 'anthropic'
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: JsonObject
  readonly system: string
  readonly tools: readonly string[]
  readonly goal: string
  /** Turns of the model before this one. */
  readonly turn: number
  /** Results of the calls of the last turn. */
  readonly results: readonly { readonly id: string; readonly text: string }[]
}

/** The messages of a request, as they came over the wire. */
export function messagesOf(asked: Asked | undefined): readonly Json[] {
  const messages = asked?.body['messages']
  return Array.isArray(messages) ? (messages as readonly Json[]) : []
}

/** What the model does next: it says something and calls, or its server misbehaves. */
export type Step =
  | {
      readonly text?: string
      /** Arguments that are a text are sent as that text, which should be JSON. */
      readonly calls?: readonly { readonly name: string; readonly args: Json; readonly id?: string | null }[]
      /** In place of the true count. */
      readonly usage?: Json
      /** Members of the message that only this provider knows. */
      readonly extra?: JsonObject
    }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: Json }
  | { readonly raw: string }
  | 'hang'
  | 'reset'

export type Policy = (asked: Asked) => Step

export interface ModelServer extends AsyncDisposable {
  /** Of OpenAI's format; that of Anthropic's is the same without `/v1`. */
  readonly url: string
  readonly requests: readonly Asked[]
  /** Tokens that it has counted in the answers of the model. */
  readonly counted: () => { readonly input: number; readonly output: number }
}

/**
 * A real HTTP server that speaks the formats of OpenAI and of Anthropic. Its model is a function. It counts a token for each
 * four characters, and has in its cache what was sent the last time.
 */
export async function startModelServer(policy: Policy): Promise<ModelServer> {
  const requests: Asked[] = []
  let [input, output] = [0, 0]
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const asked = toAsked(request, JSON.parse(text) as JsonObject)
      requests.push(asked)
      const step = policy(asked)
      if (step === 'hang') return
      if (step === 'reset') request.socket.destroy()
      else if ('raw' in step) send(response, 200, step.raw)
      else if ('status' in step) send(response, step.status, JSON.stringify(step.body ?? {}), step.headers)
      else {
        const read = Math.ceil(text.length / 4)
        const written = Math.ceil(JSON.stringify(step).length / 4)
        input += read
        output += written
        const cached = asked.turn === 0 ? 0 : Math.floor(read / 2)
        const format = asked.api === 'openai' ? toOpenAi : toAnthropic
        send(response, 200, JSON.stringify(format(step, read, cached, written)))
      }
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    counted: () => ({ input, output }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
}

type Said = Extract<Step, { readonly text?: string }>

function toOpenAi(
  { text = '', calls = [], usage, extra = {} }: Said,
  read: number,
  cached: number,
  written: number,
): Json {
  const list = calls.map(({ name, args, id }, index) => ({
    ...(id === null ? {} : { id: id ?? `call-${index}` }),
    index,
    type: 'function',
    function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) },
    extra_content: { signature: `s-${index}` },
  }))
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: text === '' ? null : text,
          refusal: null,
          ...(list.length === 0 ? {} : { tool_calls: list }),
          ...extra,
        },
        finish_reason: list.length === 0 ? 'stop' : 'tool_calls',
      },
    ],
    usage: usage ?? {
      prompt_tokens: read,
      completion_tokens: written,
      total_tokens: read + written,
      prompt_tokens_details: { cached_tokens: cached, audio_tokens: null },
    },
  }
}

function toAnthropic(
  { text = '', calls = [], usage }: Said,
  read: number,
  cached: number,
  written: number,
): Json {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [
      { type: 'text', text },
      ...calls.map(({ name, args, id }, index) => ({
        type: 'tool_use',
        id: id ?? `toolu_${index}`,
        name,
        input: args,
      })),
    ],
    stop_reason: calls.length === 0 ? 'end_turn' : 'tool_use',
    usage: usage ?? {
      input_tokens: 3,
      cache_read_input_tokens: cached,
      cache_creation_input_tokens: read - cached - 3,
      output_tokens: written,
    },
  }
}

interface WireMessage {
  readonly role: string
  readonly content:
    | string
    | null
    | readonly {
        readonly type: string
        readonly text?: string
        readonly tool_use_id?: string
        readonly content?: string
      }[]
  readonly tool_call_id?: string
}

function toAsked(request: IncomingMessage, body: JsonObject): Asked {
  const messages = (body['messages'] ?? []) as unknown as readonly WireMessage[]
  const tools = (body['tools'] ?? []) as readonly {
    readonly name?: string
    readonly function?: { readonly name: string }
  }[]
  const last = messages.findLastIndex(({ role }) => role === 'assistant')
  const isOpenAi = request.url?.includes('chat/completions') === true
  const system = isOpenAi ? messages.find(({ role }) => role === 'system')?.content : body['system']
  const results = messages.slice(last + 1).flatMap(({ content, tool_call_id: id, role }) => {
    if (role === 'tool') return [{ id: id ?? '', text: textOf(content) }]
    if (typeof content === 'string' || content === null) return []
    return content
      .filter(({ type }) => type === 'tool_result')
      .map((block) => ({ id: block.tool_use_id ?? '', text: block.content ?? '' }))
  })
  return {
    api: isOpenAi ? 'openai' : 'anthropic',
    path: request.url ?? '',
    headers: request.headers,
    body,
    system: textOf(system),
    tools: tools.map(({ name, function: of }) => name ?? of?.name ?? ''),
    goal: textOf(messages.find(({ role }) => role === 'user')?.content),
    turn: messages.filter(({ role }) => role === 'assistant').length,
    results,
  }
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map(({ text }: { text?: string }) => text ?? '').join('') : ''
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(text)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}
