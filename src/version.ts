import { readFileSync } from 'node:fs'

/** The version in package.json; read from the file, because a build stands one folder deeper than a checkout. */
export function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Record<
        string,
        unknown
      >
      if (name === 'isogate' && typeof version === 'string') return version
    } catch {
      // Not there: the other place has it.
    }
  }
  return '0.0.0'
}
