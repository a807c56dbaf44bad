import type { EmbeddingsPlan } from './config/schema/embeddings.ts'
import type { Clock } from './core/ports.ts'
import { createMemoryVectors, createVectors, type Vectors } from './catalog/vectors/vectors.ts'
import type { Embedder } from './llm/embeddings.ts'
import type { Log } from './telemetry/log.ts'

/** Vectors that are kept in memory: of all tools of a very large set-up. */
const MOST_VECTORS = 60_000

/** Time to compute a batch of tool vectors; a search waits for its own much less. */
const REQUEST_TIMEOUT_MS = 30_000

/** The part of the search that knows meanings, where the operator has configured an endpoint for it. */
export function createSemanticSearch(
  plan: EmbeddingsPlan | undefined,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Vectors | undefined {
  if (plan === undefined) return undefined
  const { timeoutMs, ...endpoint } = plan
  // Loaded where it is needed: most gateways have no such endpoint, and an HTTP client takes some megabytes.
  let loading: Promise<Embedder> | undefined
  const load = async (): Promise<Embedder> => {
    const { createEmbedder } = await import('./llm/embeddings.ts')
    return createEmbedder({ ...endpoint, timeoutMs: REQUEST_TIMEOUT_MS })
  }
  return createVectors({
    embed: async (texts, signal) => (await (loading ??= load())).embed(texts, signal),
    model: `${plan.url} ${plan.model} ${plan.dimensions ?? ''}`,
    cache: createMemoryVectors(MOST_VECTORS),
    timeoutMs,
    nowMs: clock.monotonicMs,
    onFault: (cause) => log.warn({ err: cause }, 'embeddings are not available; tools are found by words'),
  })
}
