import { readFileSync } from 'node:fs'

/** The declarations of what a script finds beside ECMAScript and its tools. */
export function readGlobals(): string {
  return readFileSync(new URL('./globals.dts', import.meta.url), 'utf8')
}
