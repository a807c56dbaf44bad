import { primordials } from './primordials.ts'

/** Error texts are cut here, before they cross. */
const MAX_ERROR_CHARS = 4_096

/** The text of whatever was thrown. Reading it may run code of the script, which may throw again. */
export function describeThrown(thrown: unknown): { text: string; stack: string } {
  try {
    if (thrown instanceof primordials.Error) {
      const { name, message, stack } = thrown as { name: unknown; message: unknown; stack?: unknown }
      const tool = (thrown as { tool?: unknown }).tool
      const code = (thrown as { code?: unknown }).code
      const origin = typeof tool === 'string' && typeof code === 'string' ? ` [${code}] ${tool}` : ''
      return {
        text: cut(`${primordials.toText(name)}${origin}: ${primordials.toText(message)}`),
        stack: typeof stack === 'string' ? cut(stack) : '',
      }
    }
    return { text: cut(`The script threw ${formatThrown(thrown)}`), stack: '' }
  } catch {
    return { text: 'The script threw a value that cannot be shown.', stack: '' }
  }
}

function formatThrown(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null) return primordials.jsonStringify(thrown)
  return primordials.toText(thrown)
}

function cut(text: string): string {
  return text.length > MAX_ERROR_CHARS ? primordials.slice(text, 0, MAX_ERROR_CHARS) : text
}
