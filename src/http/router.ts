import type { Endpoint, MountedEndpoint } from './endpoints.ts'

/** What stands at a path: an endpoint, or a place where one could be and is not. */
export interface Found {
  readonly endpoint: Endpoint | undefined
}

/** Finds the endpoint of a request. Undefined where the path is no endpoint's at all. */
export type FindEndpoint = (url: string) => Found | undefined

/** Variable parts of a path are short: whoever sends more means something else. */
const MAX_PATH = 512

/**
 * Makes the way from a path to its endpoint: a look-up for the fixed ones, which nearly all requests are for, and a pattern for
 * those with a name in their path.
 */
export function createRouter(mounted: readonly MountedEndpoint[]): FindEndpoint {
  const fixed = new Map(mounted.filter(({ path }) => !path.includes(':')).map((entry) => [entry.path, entry]))
  const patterns = mounted
    .filter(({ path }) => path.includes(':'))
    .map((entry) => ({ entry, pattern: toPattern(entry.path) }))
  return (url) => {
    const end = url.indexOf('?')
    const path = end < 0 ? url : url.slice(0, end)
    const entry = fixed.get(path)
    if (entry !== undefined) return { endpoint: entry.of('') }
    if (path.length > MAX_PATH) return undefined
    for (const { entry: family, pattern } of patterns) {
      const name = pattern.exec(path)?.groups?.['name']
      if (name !== undefined) return { endpoint: family.of(name) }
    }
    return undefined
  }
}

/** `/mcp/s/:name` as a pattern. */
function toPattern(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => (part.startsWith(':') ? `(?<${part.slice(1)}>[A-Za-z0-9_-]+)` : part))
    .join('/')
  return new RegExp(`^${source}$`)
}
