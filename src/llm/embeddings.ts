import { setTimeout as sleep } from 'node:timers/promises'
import { request, type Dispatcher } from 'undici'
import { GatewayError } from '../core/errors.ts'

/** Turns texts into vectors, one for each, all of one length. */
export interface Embedder {
  /**
   * @throws GatewayError `upstream_unavailable` where the endpoint cannot be reached or is busy twice, `upstream_failed` where it
   * refuses, `upstream_invalid` and `upstream_too_large` for what it answers; the reason of the signal where that ends it
   */
  readonly embed: (texts: readonly string[], signal: AbortSignal) => Promise<readonly Float32Array[]>
}

export interface EmbedderParts {
  /** Base of an OpenAI-compatible API (`https://api.openai.com/v1`), or its `/embeddings` itself. */
  readonly url: string
  readonly model: string
  readonly apiKey?: string
  /** For models whose vectors can be cut. */
  readonly dimensions?: number
  /** Of one request, in milliseconds. */
  readonly timeoutMs: number
  /** Absent: undici's own. */
  readonly dispatcher?: Dispatcher
}

const BATCH = 64
const MAX_TEXT = 8000
const MAX_DIMENSIONS = 8192
const MAX_ANSWER_BYTES = 32 * 1024 * 1024
const PAUSE_MS = 250

/** Makes a client of an embeddings endpoint. Source: OpenAI API reference, "Create embeddings". */
export function createEmbedder(parts: EmbedderParts): Embedder {
  const { model, dimensions, timeoutMs } = parts
  const url = /\/embeddings\/?$/.test(parts.url) ? parts.url : `${parts.url.replace(/\/$/, '')}/embeddings`

  const post = async (texts: readonly string[], signal: AbortSignal): Promise<Answer> => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    try {
      const { statusCode, body } = await request(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(parts.apiKey === undefined ? {} : { authorization: `Bearer ${parts.apiKey}` }),
        },
        body: JSON.stringify({ model, input: texts, ...(dimensions === undefined ? {} : { dimensions }) }),
        signal: limit,
        ...(parts.dispatcher === undefined ? {} : { dispatcher: parts.dispatcher }),
      })
      return { status: statusCode, text: await readText(body) }
    } catch (error) {
      if (error instanceof GatewayError) throw error
      if (signal.aborted) throw signal.reason
      throw new GatewayError('upstream_unavailable', 'The embeddings endpoint does not answer.', {
        cause: error,
      })
    }
  }

  const embedBatch = async (texts: readonly string[], signal: AbortSignal): Promise<Float32Array[]> => {
    let answer = await post(texts, signal)
    if (isBusy(answer.status)) {
      await sleep(PAUSE_MS, undefined, { signal })
      answer = await post(texts, signal)
    }
    if (answer.status !== 200)
      throw new GatewayError(
        isBusy(answer.status) ? 'upstream_unavailable' : 'upstream_failed',
        `The embeddings endpoint answered with status ${answer.status}.`,
      )
    return toVectors(answer.text, texts.length)
  }

  return Object.freeze<Embedder>({
    embed: async (texts, signal) => {
      const vectors: Float32Array[] = []
      for (let at = 0; at < texts.length; at += BATCH) {
        // An empty input is refused by most endpoints.
        const batch = texts.slice(at, at + BATCH).map((text) => text.slice(0, MAX_TEXT) || ' ')
        vectors.push(...(await embedBatch(batch, signal)))
      }
      if (vectors.some(({ length }) => length !== vectors[0]?.length)) throw invalid()
      return vectors
    },
  })
}

interface Answer {
  readonly status: number
  readonly text: string
}

function isBusy(status: number): boolean {
  return status === 429 || status >= 500
}

async function readText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    const buffer = Buffer.from(chunk as Uint8Array)
    bytes += buffer.length
    if (bytes > MAX_ANSWER_BYTES) {
      body.destroy()
      throw new GatewayError('upstream_too_large', 'The answer of the embeddings endpoint is too large.')
    }
    chunks.push(buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The vectors of an answer, in the order of the texts: `index` says which is which. */
function toVectors(text: string, count: number): Float32Array[] {
  const found: Float32Array[] = []
  for (const entry of entriesOf(text)) {
    const { index, embedding } = Object(entry) as { index?: unknown; embedding?: unknown }
    if (
      typeof index !== 'number' ||
      !Number.isInteger(index) ||
      index < 0 ||
      index >= count ||
      !isVector(embedding)
    )
      throw invalid()
    found[index] = Float32Array.from(embedding)
  }
  for (let at = 0; at < count; at++) if (found[at] === undefined) throw invalid()
  return found
}

function entriesOf(text: string): readonly unknown[] {
  try {
    const { data } = Object(JSON.parse(text)) as { data?: unknown }
    if (Array.isArray(data)) return data
  } catch {
    // Not JSON: no entries.
  }
  throw invalid()
}

function isVector(value: unknown): value is number[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_DIMENSIONS &&
    value.every((number) => Number.isFinite(number))
  )
}

function invalid(): GatewayError {
  return new GatewayError('upstream_invalid', 'The answer of the embeddings endpoint is none.')
}
