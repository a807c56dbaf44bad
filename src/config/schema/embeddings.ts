import { z } from 'zod'
import { integer } from './fields.ts'

const EMBEDDINGS = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/ })
      .max(4096)
      .describe(
        'Base of an OpenAI-compatible API, such as `https://api.openai.com/v1`, or its `/embeddings`.',
      ),
    model: z.string().min(1).max(256).describe('Name of the model.'),
    apiKey: z.string().min(1).max(4096).optional().describe('Sent as a bearer token. Absent: none is sent.'),
    dimensions: z
      .int()
      .min(16)
      .max(8192)
      .optional()
      .describe('Length of the vectors, for models that can cut them. Absent: what the model gives.'),
    timeoutMs: integer(
      50,
      10_000,
      400,
      'How long a search waits for the vector of its query, in milliseconds; then words alone decide.',
    ),
  })
  .describe(
    'An endpoint for embeddings. Names and descriptions of tools and the texts of searches are sent to it. Absent: nothing is sent, and tools are found by words alone.',
  )

/** The section `search`. */
export const SEARCH_SCHEMA = z
  .strictObject({ embeddings: EMBEDDINGS.optional() })
  .prefault({})
  .describe('How tools are found.')

/** What the search of a gateway is made with. */
export interface SearchPlan {
  readonly embeddings?: EmbeddingsPlan
}

export interface EmbeddingsPlan {
  readonly url: string
  readonly model: string
  readonly apiKey?: string
  readonly dimensions?: number
  readonly timeoutMs: number
}

/** Compiles the section. */
export function toSearchPlan({ embeddings }: z.output<typeof SEARCH_SCHEMA>): SearchPlan {
  if (embeddings === undefined) return {}
  const { apiKey, dimensions, ...rest } = embeddings
  return {
    embeddings: {
      ...rest,
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(dimensions === undefined ? {} : { dimensions }),
    },
  }
}
