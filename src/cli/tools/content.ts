import { isDeepStrictEqual } from 'node:util'

import { isJsonObject, type JsonObject } from '../../core/json.ts'
import type { Result } from '../../core/result.ts'
import { toJsonText, toLine, toOutput } from '../output/printable.ts'
import type { Output } from '../ports.ts'

/** A result for a person: text as it is, structured content as JSON, and a line for what cannot be shown. */
export function renderResult(result: Result, output: Output): string {
  const { content, structuredContent } = result
  const blocks = content
    // Servers repeat structured content as text, for older clients.
    .filter((block) => structuredContent === undefined || !repeats(block, structuredContent))
    .map((block) => renderBlock(block, output))
  if (structuredContent !== undefined) blocks.push(toJsonText(structuredContent, output))
  return blocks.map((block) => (block.endsWith('\n') ? block : `${block}\n`)).join('')
}

function repeats({ type, text }: JsonObject, structured: unknown): boolean {
  if (type !== 'text' || typeof text !== 'string') return false
  try {
    return isDeepStrictEqual(JSON.parse(text), structured)
  } catch {
    return false
  }
}

function renderBlock(block: JsonObject, output: Output): string {
  const { type, text, data, mimeType, uri, name, resource } = block
  if (type === 'text' && typeof text === 'string') return toOutput(text, output)
  if (type === 'resource' && isJsonObject(resource)) {
    if (typeof resource['text'] === 'string') return toOutput(resource['text'], output)
    return inBrackets('resource', resource['uri'], resource['mimeType'])
  }
  if (type === 'resource_link') return inBrackets('link', name, uri)
  if (typeof data === 'string') {
    // Base64 holds three bytes in four characters.
    return inBrackets(type, mimeType, `${Math.floor((data.length * 3) / 4)} bytes; --json prints them`)
  }
  return toJsonText(block, output)
}

function inBrackets(...words: readonly unknown[]): string {
  return `[${words
    .filter((word) => typeof word === 'string')
    .map((word) => toLine(word, 300))
    .join(' ')}]`
}
