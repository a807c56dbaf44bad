import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type {
  ChatMessage,
  ChatModel,
  ChatModelParts,
  ChatReply,
  ChatRequest,
  ChatSaid,
  ChatStop,
  ChatUsage,
} from './chat-model.ts'
import { createEndpoint, type Answered } from './endpoint.ts'
import { checkCalls, checkUsage, invalid, readCount, toCall } from './reading.ts'

const VERSION = '2023-06-01'
/** All before and with what carries this is kept for the next request. */
const CACHED = { cache_control: { type: 'ephemeral' } } as const

const STOPS: ReadonlyMap<unknown, ChatStop> = new Map([
  ['end_turn', 'end'],
  ['stop_sequence', 'end'],
  ['tool_use', 'calls'],
  ['max_tokens', 'length'],
])

/**
 * A model behind Anthropic's API (`https://api.anthropic.com`, or its `/v1/messages` itself). What is sent again in the next turn is marked
 * for the cache: the tools, the system text, and all messages so far. Source: Anthropic API reference, "Messages" and "Prompt caching".
 */
export function createAnthropicChat(parts: ChatModelParts): ChatModel {
  const { model, maxOutputTokens, temperature } = parts
  const base = parts.url.replace(/\/$/, '').replace(/\/v1(?:\/messages)?$/, '')
  const headers: Record<string, string> = { 'anthropic-version': VERSION }
  if (parts.apiKey !== undefined) headers['x-api-key'] = parts.apiKey
  const endpoint = createEndpoint({ ...parts, url: `${base}/v1/messages`, headers })

  return Object.freeze<ChatModel>({
    async turn({ system, tools, messages }, signal) {
      const answered = await endpoint.post(
        {
          model,
          max_tokens: maxOutputTokens,
          ...(temperature === undefined ? {} : { temperature }),
          ...(tools.length === 0 ? {} : { tools: withMark(tools.map(toTool)) }),
          ...(system === '' ? {} : { system: [{ type: 'text', text: system, ...CACHED }] }),
          messages: markLast(messages.map(toMessage)),
        },
        signal,
      )
      return toReply(answered)
    },
  })
}

function toTool({ name, description, inputSchema }: ChatRequest['tools'][number]): JsonObject {
  return { name, ...(description === undefined ? {} : { description }), input_schema: inputSchema }
}

interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: readonly JsonObject[]
}

function toMessage(message: ChatMessage): Message {
  if (message.role === 'user') return { role: 'user', content: [{ type: 'text', text: message.text }] }
  if (message.role === 'assistant')
    return { role: 'assistant', content: message.original as readonly JsonObject[] }
  const content = message.results.map(({ id, text, isError }) => ({
    type: 'tool_result',
    tool_use_id: id,
    content: text,
    ...(isError ? { is_error: true } : {}),
  }))
  return { role: 'user', content }
}

/** The last entry with the mark. */
function withMark(entries: readonly JsonObject[]): readonly JsonObject[] {
  return entries.map((entry, index) => (index === entries.length - 1 ? { ...entry, ...CACHED } : entry))
}

function markLast(messages: readonly Message[]): readonly JsonObject[] {
  return messages.map(({ role, content }, index) => ({
    role,
    content: index === messages.length - 1 ? withMark(content) : content,
  }))
}

function toReply({ body, timings }: Answered): ChatReply {
  return {
    message: toSaid(body['content']),
    usage: toUsage(body['usage']),
    stop: STOPS.get(body['stop_reason']) ?? 'other',
    timings,
  }
}

function toSaid(content: Json | undefined): ChatSaid {
  if (!Array.isArray(content)) throw invalid('it has no content')
  const blocks = (content as readonly Json[]).map((block) => {
    if (!isJsonObject(block)) throw invalid('its content has what is no block')
    return block
  })
  const uses = blocks.filter(({ type }) => type === 'tool_use')
  const calls = checkCalls(uses.map(({ id, name, input }) => toCall(id, name, input)))
  const bad = new Set<unknown>(calls.filter(({ args }) => args === undefined).map(({ id }) => id))
  const texts = blocks.map(({ type, text }) => (type === 'text' && typeof text === 'string' ? text : ''))
  const original = blocks
    // An empty text is given at times, and refused when it is sent back.
    .filter(({ type, text }) => type !== 'text' || (typeof text === 'string' && text.trim() !== ''))
    .map((block) => (block['type'] === 'tool_use' && bad.has(block['id']) ? { ...block, input: {} } : block))
  return { role: 'assistant', text: texts.join(''), calls, original }
}

/** Anthropic counts what is read from the cache and written into it beside `input_tokens`. */
function toUsage(usage: Json | undefined): ChatUsage {
  if (!isJsonObject(usage)) throw invalid('it does not say what it used')
  const cachedInput = readCount(usage, 'cache_read_input_tokens', 0)
  const cacheWrite = readCount(usage, 'cache_creation_input_tokens', 0)
  return checkUsage({
    input: readCount(usage, 'input_tokens') + cachedInput + cacheWrite,
    cachedInput,
    cacheWrite,
    output: readCount(usage, 'output_tokens'),
  })
}
