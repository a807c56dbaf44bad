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

const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The text that an `Mcp-*` header carries; undefined where its base64 is none, or is no UTF-8. */
export function decodeHeaderValue(value: string): string | undefined {
  const text = value.trim()
  if (!ENCODED.test(text)) return text
  const base64 = text.slice(9, -2)
  if (!CANONICAL.test(base64)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'))
  } catch {
    return undefined
  }
}
