import { request, type Dispatcher } from 'undici'

import { GatewayError } from '../../core/errors.ts'
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts'
import { attempt, readRetryAfterMs, type Passing } from './attempts.ts'
import type { ChatModelParts, ChatTimings } from './chat-model.ts'
import { createKeyFilter, type KeyFilter } from './key.ts'

/** Far above what a model writes in one turn. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024
const MAX_QUOTE = 300

/** What an endpoint answered with status 200. */
export interface Answered {
  readonly body: JsonObject
  readonly timings: ChatTimings
}

/** An endpoint of a provider: JSON is posted, JSON comes back. */
export interface Endpoint {
  /** @throws as ChatModel.turn */
  readonly post: (body: JsonObject, signal: AbortSignal) => Promise<Answered>
}

type EndpointParts = Pick<
  ChatModelParts,
  'apiKey' | 'timeoutMs' | 'clock' | 'random' | 'pause' | 'dispatcher'
> & {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/** Makes the client of an endpoint. The key never leaves it but in the headers that are given. @throws GatewayError `config_invalid` */
export function createEndpoint(parts: EndpointParts): Endpoint {
  const { url, clock, timeoutMs } = parts
  const keys = createKeyFilter(parts.apiKey)
  const where = hostOf(url)

  const ask = async (body: string, signal: AbortSignal): Promise<Asked> => {
    const startMs = clock.monotonicMs()
    // Redirects are not followed: the key is for this host.
    const {
      statusCode,
      headers,
      body: answer,
    } = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...parts.headers },
      body,
      signal,
      // Undici's own limits would end what the caller's allows.
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      ...(parts.dispatcher === undefined ? {} : { dispatcher: parts.dispatcher }),
    })
    const firstByteMs = clock.monotonicMs() - startMs
    const text = await readText(answer, where)
    const retryAfterMs = readRetryAfterMs(headers, clock.nowMs())
    return {
      status: statusCode,
      text,
      firstByteMs,
      wholeMs: clock.monotonicMs() - startMs,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  }

  const askOnce = async (body: string, signal: AbortSignal): Promise<Asked | Passing> => {
    const limit = AbortSignal.timeout(timeoutMs)
    let asked: Asked
    try {
      asked = await ask(body, AbortSignal.any([signal, limit]))
    } catch (error) {
      if (error instanceof GatewayError) throw error
      if (signal.aborted) throw signal.reason
      // Not made again: the model may have written, and been paid, all the while.
      if (limit.aborted) throw unavailable(`${where} did not answer within ${timeoutMs} ms.`)
      return { error: unavailable(`${where} does not answer${codeOf(error)}.`, error) }
    }
    if (asked.status !== 429 && asked.status < 500) return asked
    const { retryAfterMs } = asked
    return {
      error: unavailable(describe(where, asked, keys)),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }
  }

  return Object.freeze<Endpoint>({
    async post(body, signal) {
      const startMs = clock.monotonicMs()
      const text = JSON.stringify(body)
      const asked = await attempt(() => askOnce(text, signal), parts, signal).catch((error: unknown) => {
        throw signal.aborted ? signal.reason : error
      })
      if (asked.status !== 200) throw refusal(where, asked, keys)
      const { firstByteMs, wholeMs } = asked
      const lostMs = Math.max(0, clock.monotonicMs() - startMs - wholeMs)
      return { body: parseBody(asked.text, keys, where), timings: { firstByteMs, wholeMs, lostMs } }
    },
  })
}

interface Asked {
  readonly status: number
  readonly text: string
  readonly firstByteMs: number
  readonly wholeMs: number
  readonly retryAfterMs?: number
}

async function readText(body: Dispatcher.ResponseData['body'], where: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    const buffer = Buffer.from(chunk as Uint8Array)
    bytes += buffer.length
    if (bytes > MAX_ANSWER_BYTES) {
      body.destroy()
      throw new GatewayError('upstream_too_large', `The answer of ${where} is larger than 8 MiB.`)
    }
    chunks.push(buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseBody(text: string, keys: KeyFilter, where: string): JsonObject {
  try {
    const body = JSON.parse(text, (_, value: Json) =>
      typeof value === 'string' ? keys.clean(value) : value,
    ) as Json
    if (isJsonObject(body)) return body
  } catch {
    // Not JSON, or nested so deeply that nobody wants it.
  }
  throw new GatewayError('upstream_invalid', `The answer of ${where} is not a JSON object.`)
}

function refusal(where: string, asked: Asked, keys: KeyFilter): GatewayError {
  const { param } = errorOf(asked.text)
  return new GatewayError('upstream_failed', describe(where, asked, keys), {
    detail: { status: asked.status, ...(typeof param === 'string' ? { param: keys.quote(param, 100) } : {}) },
  })
}

function describe(where: string, { status, text }: Asked, keys: KeyFilter): string {
  const said = errorOf(text).message
  // Where it is about the key, nothing is quoted: such answers hold parts of it.
  if (status === 401 || status === 403) return `${where} refuses the API key (status ${status}).`
  const quoted = typeof said === 'string' ? `: ${keys.quote(said, MAX_QUOTE)}` : '.'
  return `${where} answered with status ${status}${quoted}`
}

/** `error` of the answer, as OpenAI and Anthropic both have it; some only have a text there, or `message` itself. */
function errorOf(text: string): { readonly message?: unknown; readonly param?: unknown } {
  try {
    const body: unknown = JSON.parse(text)
    if (!isJsonObject(body)) return {}
    const { error } = body
    return isJsonObject(error) ? error : { message: error ?? body['message'] }
  } catch {
    return {}
  }
}

/** Without the rest of the address, which may hold a credential. @throws GatewayError `config_invalid` */
function hostOf(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new GatewayError('config_invalid', 'The address of the model must begin with http:// or https://.')
  return `The model at ${parsed.host}`
}

function unavailable(message: string, cause?: unknown): GatewayError {
  return new GatewayError('upstream_unavailable', message, cause === undefined ? {} : { cause })
}

/** `ECONNREFUSED` and its like, which say most. */
function codeOf(error: unknown): string {
  const { code } = Object(error) as { code?: unknown }
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : ''
}
