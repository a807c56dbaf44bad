import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts'
import type { Result } from '../../../core/result.ts'

/** Of English and of JSON, in the vocabularies of the day. */
const CHARACTERS_PER_TOKEN = 4
/** What models count for a picture of middle size; other media are of that order. */
const TOKENS_PER_MEDIUM = 1_500

/** Roughly how many tokens a result is for a model, without reading it: for budgets, where nobody has counted. */
export function estimateTokens({ content, structuredContent }: Result): number {
  // Servers that give structured content write it into a text block too (MCP 2025-11-25, server/tools, "Structured Content").
  if (content.length === 0 && structuredContent !== undefined) return tokensOfJson(structuredContent)
  return content.reduce((sum, block) => sum + tokensOf(block), 0)
}

function tokensOf(block: JsonObject): number {
  const { text, data, resource } = block
  if (typeof text === 'string') return toTokens(text.length)
  if (typeof data === 'string') return TOKENS_PER_MEDIUM
  if (!isJsonObject(resource)) return tokensOfJson(block)
  const embedded = resource['text']
  return typeof embedded === 'string' ? toTokens(embedded.length) : TOKENS_PER_MEDIUM
}

function tokensOfJson(value: Json): number {
  try {
    return toTokens(JSON.stringify(value).length)
  } catch {
    // Nested so deep that it cannot be written, so no door can deliver it either.
    return TOKENS_PER_MEDIUM
  }
}

function toTokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN)
}
