import { createHash } from 'node:crypto'
import { setImmediate as breathe } from 'node:timers/promises'
import { toolKey, type ToolSpec } from '../../core/tool.ts'
import { textOf } from '../search/text/document.ts'

/** Cosine similarities of tools to a query, by tool key. Tools that are not known yet are absent. */
export type Similarities = ReadonlyMap<string, number>

/** Turns texts into vectors, one for each, all of one length. May fail. */
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<readonly Float32Array[]>

/** Where vectors are kept. A key is a hash of the text and of the model. */
export interface VectorCache {
  readonly get: (key: string) => Float32Array | undefined
  readonly set: (key: string, vector: Float32Array) => void
}

/** What is near in meaning, as far as it is known. */
export interface Vectors {
  /** Has the vectors of those tools computed that have none, in the background. */
  readonly learn: (tools: readonly ToolSpec[]) => void
  /** How near the tools are to a query; undefined where that is not known in time. Never rejects. */
  readonly near: (
    query: string,
    tools: readonly ToolSpec[],
    signal?: AbortSignal,
  ) => Promise<Similarities | undefined>
  readonly close: () => void
}

export interface VectorsParts {
  readonly embed: Embed
  /** Part of the keys of the cache: vectors of two models cannot be compared. */
  readonly model: string
  readonly cache: VectorCache
  /** How long a search waits for the vector of its query, in milliseconds. */
  readonly timeoutMs: number
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number
  /** Told of failures of the endpoint; a search never is. */
  readonly onFault: (cause: unknown) => void
}

const BATCH = 64
const MAX_TEXT = 8000
const QUERIES_KEPT = 256
/** After a failure the endpoint is left alone for so long. */
const REST_MS = 30_000
/** Computing a batch of tool vectors may take longer than a search waits. */
const LEARN_TIMEOUT_MS = 60_000
/** With fewer vectors than this share, tools would win by being known rather than by being near. */
const LEAST_KNOWN = 0.9
/** So many products are made at a time before others have their turn. */
const PRODUCTS_AT_ONCE = 2_000_000

/** Keeps vectors of tools and compares queries with them. */
export function createVectors(parts: VectorsParts): Vectors {
  const { embed, model, cache, timeoutMs, nowMs, onFault } = parts
  const keys = new WeakMap<ToolSpec, string>()
  const queries = createMemoryVectors(QUERIES_KEPT)
  const closing = new AbortController()
  let wanted: readonly ToolSpec[] = []
  let isLearning = false
  let restUntilMs = -Infinity

  const keyOf = (spec: ToolSpec): string => {
    let key = keys.get(spec)
    if (key === undefined) keys.set(spec, (key = hashOf(model, textOf(spec).slice(0, MAX_TEXT))))
    return key
  }
  const ask = async (texts: readonly string[], signal: AbortSignal): Promise<readonly Float32Array[]> => {
    if (nowMs() < restUntilMs) return []
    try {
      return (await embed(texts, signal)).map(toUnit)
    } catch (error) {
      // A caller who went away says nothing about the endpoint; one that was too slow for a search does.
      if (!signal.aborted || isTimeout(signal.reason)) {
        restUntilMs = nowMs() + REST_MS
        onFault(error)
      }
      return []
    }
  }
  const isWanted = (tools: readonly ToolSpec[]): boolean => tools === wanted && !closing.signal.aborted
  /** One list after the other, as long as there is a newer one. */
  const learn = async (): Promise<void> => {
    let tools = wanted
    while ((await learnAll(tools)) && !isWanted(tools) && !closing.signal.aborted) tools = wanted
  }
  /** False where the endpoint failed. */
  const learnAll = async (tools: readonly ToolSpec[]): Promise<boolean> => {
    // Listed once: a cache that is too small for all tools must not make this go round for ever.
    const missing = tools.filter((spec) => cache.get(keyOf(spec)) === undefined)
    for (let at = 0; at < missing.length && isWanted(tools); at += BATCH)
      if (!(await learnSome(missing.slice(at, at + BATCH)))) return false
    return true
  }
  const learnSome = async (specs: readonly ToolSpec[]): Promise<boolean> => {
    const texts = specs.map((spec) => textOf(spec).slice(0, MAX_TEXT))
    const found = await ask(texts, AbortSignal.any([closing.signal, AbortSignal.timeout(LEARN_TIMEOUT_MS)]))
    if (found.length !== specs.length) return false
    for (const [at, spec] of specs.entries()) {
      const vector = found[at]
      if (vector !== undefined) cache.set(keyOf(spec), vector)
    }
    return true
  }
  const start = (): void => {
    if (isLearning || nowMs() < restUntilMs) return
    isLearning = true
    void learn().finally(() => {
      isLearning = false
    })
  }
  const vectorOf = async (query: string, signal: AbortSignal): Promise<Float32Array | undefined> => {
    const key = hashOf(model, query)
    const known = queries.get(key)
    if (known !== undefined) return known
    const [vector] = await ask([query], signal)
    if (vector !== undefined) queries.set(key, vector)
    return vector
  }

  return Object.freeze<Vectors>({
    learn: (tools) => {
      wanted = tools
      start()
    },
    near: async (query, tools, signal) => {
      if (query === '') return undefined
      start()
      const limits = [
        closing.signal,
        AbortSignal.timeout(timeoutMs),
        ...(signal === undefined ? [] : [signal]),
      ]
      const limit = AbortSignal.any(limits)
      const vector = await Promise.race([vectorOf(query, limit), aborted(limit)])
      if (vector === undefined) return undefined
      const found = new Map<string, number>()
      let left = PRODUCTS_AT_ONCE
      for (const spec of tools) {
        const own = cache.get(keyOf(spec))
        if (own === undefined || own.length !== vector.length) continue
        found.set(toolKey(spec.ref), product(own, vector))
        left -= vector.length
        if (left > 0) continue
        left = PRODUCTS_AT_ONCE
        await breathe()
      }
      return found.size < LEAST_KNOWN * tools.length ? undefined : found
    },
    close: () => closing.abort(),
  })
}

/** Keeps vectors in memory, the last `most` of them. */
export function createMemoryVectors(most: number): VectorCache {
  const vectors = new Map<string, Float32Array>()
  return Object.freeze<VectorCache>({
    get: (key) => vectors.get(key),
    set: (key, vector) => {
      vectors.delete(key)
      vectors.set(key, vector)
      const oldest = vectors.size > most ? vectors.keys().next().value : undefined
      if (oldest !== undefined) vectors.delete(oldest)
    },
  })
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((done) => {
    if (signal.aborted) done(undefined)
    else signal.addEventListener('abort', () => done(undefined), { once: true })
  })
}

function isTimeout(reason: unknown): boolean {
  return reason instanceof DOMException && reason.name === 'TimeoutError'
}

function hashOf(model: string, text: string): string {
  return createHash('sha256').update(`${model}\n${text}`).digest('base64url')
}

/** Of length one, so that a product is a cosine. */
function toUnit(vector: Float32Array): Float32Array {
  const length = Math.sqrt(product(vector, vector))
  return length > 0 ? vector.map((number) => number / length) : vector
}

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}
