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
