import { GatewayError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import type {
  ChatCall,
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
import { checkCalls, checkUsage, invalid, readCount, toCallOfText } from './reading.ts'

/** Members that some providers want back with the message that had them. */
const KEPT = ['reasoning_content', 'reasoning_details'] as const

const STOPS: ReadonlyMap<unknown, ChatStop> = new Map([
  ['stop', 'end'],
  ['tool_calls', 'calls'],
  ['function_call', 'calls'],
  ['length', 'length'],
])

/**
 * A model behind any endpoint that is compatible with OpenAI's (`https://api.openai.com/v1`, or its `/chat/completions` itself). Source: OpenAI
 * API reference, "Create chat completion".
 */
export function createOpenAiChat(parts: ChatModelParts): ChatModel {
  const { model, maxOutputTokens, temperature } = parts
  const url = /\/chat\/completions\/?$/.test(parts.url)
    ? parts.url
    : `${parts.url.replace(/\/$/, '')}/chat/completions`
  const headers: Record<string, string> = {}
  if (parts.apiKey !== undefined) headers['authorization'] = `Bearer ${parts.apiKey}`
  const endpoint = createEndpoint({ ...parts, url, headers })

  const post = (limit: string, request: ChatRequest, signal: AbortSignal): Promise<Answered> =>
    endpoint.post(
      {
        model,
        messages: toMessages(request),
        ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
        [limit]: maxOutputTokens,
        ...(temperature === undefined ? {} : { temperature }),
      },
      signal,
    )
  // Every server knows the older name, but newer models of OpenAI refuse it.
  let limit = 'max_tokens'

  return Object.freeze<ChatModel>({
    async turn(request, signal) {
      let answered: Answered
      try {
        answered = await post(limit, request, signal)
      } catch (error) {
        if (limit !== 'max_tokens' || !(error instanceof GatewayError) || error.detail['param'] !== limit)
          throw error
        limit = 'max_completion_tokens'
        answered = await post(limit, request, signal)
      }
      return toReply(answered)
    },
  })
}

function toTool({ name, description, inputSchema }: ChatRequest['tools'][number]): JsonObject {
  return {
    type: 'function',
    function: { name, ...(description === undefined ? {} : { description }), parameters: inputSchema },
  }
}

function toMessages({ system, messages }: ChatRequest): readonly Json[] {
  return [...(system === '' ? [] : [{ role: 'system', content: system }]), ...messages.flatMap(toMessage)]
}

function toMessage(message: ChatMessage): readonly Json[] {
  if (message.role === 'user') return [{ role: 'user', content: message.text }]
  if (message.role === 'assistant') return [message.original]
  return message.results.map(({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text }))
}

function toReply({ body, timings }: Answered): ChatReply {
  const choice = Array.isArray(body['choices']) ? (body['choices'] as readonly Json[])[0] : undefined
  if (!isJsonObject(choice) || !isJsonObject(choice['message']))
    throw invalid('it has no choice with a message')
  const message = toSaid(choice['message'])
  return {
    message,
    usage: toUsage(body['usage']),
    stop: STOPS.get(choice['finish_reason']) ?? 'other',
    timings,
  }
}

function toSaid(message: JsonObject): ChatSaid {
  const { content, refusal, tool_calls: list } = message
  if (list !== undefined && list !== null && !Array.isArray(list)) throw invalid('its calls are no list')
  const entries = ((list ?? []) as readonly Json[]).map(readEntry)
  const calls = checkCalls(entries.map(({ call }) => call))
  const text = textOf(content) || textOf(refusal)
  const original = {
    role: 'assistant',
    // Without calls some refuse null, with calls some refuse an empty text.
    content: text === '' && calls.length > 0 ? null : text,
    ...(calls.length === 0 ? {} : { tool_calls: entries.map(({ sentBack }) => sentBack) }),
    ...Object.fromEntries(
      KEPT.filter((name) => message[name] !== undefined).map((name) => [name, message[name]]),
    ),
  }
  return { role: 'assistant', text, calls, original }
}

/** A call, and what is sent back of it: as it came, members that only the provider knows included. */
function readEntry(entry: Json, at: number): { readonly call: ChatCall; readonly sentBack: JsonObject } {
  if (!isJsonObject(entry) || !isJsonObject(entry['function'])) throw invalid('a call names no function')
  const { index: _, id: given, ...rest } = entry
  const { name, arguments: text } = entry['function']
  // Small servers leave the id out.
  const call = toCallOfText(
    given === undefined || given === null || given === '' ? `call_${at}` : given,
    name,
    text,
  )
  const isGood = typeof text === 'string' && text.trim() !== ''
  // Servers that read their own arguments again choke on those that are no JSON.
  const sent = call.args === undefined ? '{}' : isGood ? text : JSON.stringify(call.args)
  return {
    call,
    sentBack: { ...rest, id: call.id, type: 'function', function: { name: call.name, arguments: sent } },
  }
}

/** A text, or a list of parts with texts. */
function textOf(content: Json | undefined): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return (content as readonly Json[])
    .map((part) => (isJsonObject(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('')
}

function toUsage(usage: Json | undefined): ChatUsage {
  if (!isJsonObject(usage)) throw invalid('it does not say what it used')
  const details = isJsonObject(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {}
  return checkUsage({
    input: readCount(usage, 'prompt_tokens'),
    // Some name it beside the details.
    cachedInput: readCount(details, 'cached_tokens', readCount(usage, 'prompt_cache_hit_tokens', 0)),
    cacheWrite: readCount(details, 'cache_write_tokens', 0),
    output: readCount(usage, 'completion_tokens'),
  })
}
