import { utf8Bytes } from './bytes.ts'
import { formatValue } from './format.ts'
import { primordials } from './primordials.ts'

/** The `console` of a run. Lines are cut here, before they cross: a flood must not reach another process. */
export interface GuestConsole {
  readonly console: object
  readonly bytesCut: () => number
}

/** One line is never longer than this, so that one call cannot use up what the reader sees. */
const MAX_LINE_CHARS = 16_384

/** Lines beyond this count are cut like lines beyond the byte limit: each line costs a crossing. */
const MAX_LINES = 2_000

/** Makes the console. `post` sends one line; it is called at most MAX_LINES times and for `logBytes` bytes in all. */
export function createConsole(logBytes: number, post: (level: string, text: string) => void): GuestConsole {
  let bytes = 0
  let bytesCut = 0
  let lines = 0
  const write = (level: string, args: readonly unknown[]): void => {
    let text = ''
    for (let index = 0; index < args.length; index++) {
      text += (index === 0 ? '' : ' ') + formatValue(args[index])
      if (text.length > MAX_LINE_CHARS) break
    }
    if (text.length > MAX_LINE_CHARS) {
      bytesCut += text.length - MAX_LINE_CHARS
      text = `${primordials.slice(text, 0, MAX_LINE_CHARS)}… (cut)`
    }
    const size = utf8Bytes(text)
    if (lines >= MAX_LINES || bytes + size > logBytes) {
      bytesCut += size
      return
    }
    lines += 1
    bytes += size
    post(level, text)
  }
  const console: Record<string, (...args: unknown[]) => void> = {}
  for (const level of ['log', 'info', 'warn', 'error', 'debug']) {
    console[level] = (...args) => write(level, args)
  }
  return { console, bytesCut: () => bytesCut }
}
