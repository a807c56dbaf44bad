import type { CheckedConfig } from '../../src/config/load.ts'
import type { ReadFile } from '../../src/config/files.ts'
import { checkConfigText } from '../../src/config/load.ts'

/** A file system that holds these files and nothing else. */
export function filesOf(files: Readonly<Record<string, string>>): ReadFile {
  return async (path, maxBytes) => {
    const text = Object.hasOwn(files, path) ? files[path] : undefined
    if (text === undefined) return { kind: 'missing' }
    if (text.length > maxBytes) return { kind: 'failed', reason: `it is larger than ${maxBytes} bytes` }
    return { kind: 'text', text }
  }
}

/** Checks a text as the file `/etc/isogate/isogate.yaml`, or another. */
export function check(
  text: string,
  options: { path?: string; env?: Record<string, string>; files?: Record<string, string> } = {},
): Promise<CheckedConfig> {
  const source = { env: options.env ?? {}, readFile: filesOf(options.files ?? {}) }
  return checkConfigText(text, options.path ?? '/etc/isogate/isogate.yaml', source)
}

/** The configuration of a text that has no errors. */
export async function configOf(...args: Parameters<typeof check>) {
  const checked = await check(...args)
  if (!checked.ok) throw new Error(JSON.stringify(checked.issues))
  return checked.config
}

/** The issues of a text, as `line:column path message`. */
export async function issuesOf(...args: Parameters<typeof check>): Promise<string[]> {
  const checked = await check(...args)
  if (checked.ok) return []
  return checked.issues.map(({ line, column, path, message }) => `${line}:${column} ${path} ${message}`)
}
