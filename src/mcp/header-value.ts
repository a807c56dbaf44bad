const PLAIN = /^[\t\u0020-\u007e]+$/
const ENCODED = /^=\?base64\?.*\?=$/

/**
 * A text as the value of an `Mcp-*` header: what a header cannot carry as it is (line ends, other scripts, spaces at an
 * end) goes as base64. Source: MCP 2026-07-28, Streamable HTTP, "Value Encoding".
 */
export function encodeHeaderValue(text: string): string {
  if (PLAIN.test(text) && text === text.trim() && !ENCODED.test(text)) return text
  return `=?base64?${Buffer.from(text, 'utf8').toString('base64')}?=`
}

/** The text that an `Mcp-*` header carries, as Node reads it; undefined where its base64 is none, or is no UTF-8. */
export function decodeHeaderValue(value: string): string | undefined {
  // Node has taken off the spaces that HTTP allows around a value. Others belong to it.
  if (!ENCODED.test(value)) return value
  const base64 = value.slice(9, -2)
  const bytes = Buffer.from(base64, 'base64')
  // Node also decodes what is not base64, or not the one right form of it.
  if (bytes.toString('base64') !== base64) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
