import type { Json, JsonObject } from '../../../core/json.ts'
import type { Result } from '../../../core/result.ts'
import { toJsonText } from '../value/json-text.ts'

/**
 * What a binding resolves to: the structured content where the tool gave some; else the text, read as JSON where it is
 * an object or an array; else the content blocks, those with bytes as references.
 */
export function toBindingValue(
  result: Result,
  toReference: (block: JsonObject) => Promise<JsonObject>,
): Promise<Json> | Json {
  if (result.structuredContent !== undefined) return result.structuredContent
  const text = textOf(result.content)
  if (text === undefined) return referTo(result.content, toReference)
  return /^\s*[[{]/.test(text) ? parseJson(text) : text
}

/** One after the other: blocks that are put aside together would all wait in memory. */
async function referTo(
  blocks: readonly JsonObject[],
  toReference: (block: JsonObject) => Promise<JsonObject>,
): Promise<Json> {
  const references: JsonObject[] = []
  for (const block of blocks) references.push(await toReference(block))
  return references
}

/** The message of a tool's own failure. */
export function toFailureMessage(result: Result): string {
  const text = textOf(result.content)
  if (text !== undefined && text !== '') return text
  const { structuredContent } = result
  const told = structuredContent === undefined ? undefined : toJsonText(structuredContent)
  return told ?? 'The tool failed without a message.'
}

/** All text blocks as one text; undefined where there is something else among them. */
function textOf(content: readonly JsonObject[]): string | undefined {
  const texts: string[] = []
  for (const { type, text } of content) {
    if (type !== 'text' || typeof text !== 'string') return undefined
    texts.push(text)
  }
  return texts.join('\n')
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    return text
  }
}
