import type { Entry, Issue, MapTree, Path, Tree } from '../document/tree.ts'
import { nearest } from '../../core/nearest.ts'
import { RESERVED_SERVER_NAMES, SERVER_NAME_PATTERN } from '../../core/tool.ts'
import { toServerName } from '../client/names.ts'
import { entryOf, issueAt } from '../document/tree.ts'

const STDIO_KEYS = ['args', 'env', 'cwd'] as const
const HTTP_KEYS = ['headers', 'transport', 'probeMs'] as const
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Is the entry of a server switched off? Its references stay unresolved and its values unchecked. */
export function isDisabled(tree: Tree | undefined): boolean {
  const enabled = entryOf(tree, 'enabled')?.value
  return enabled?.kind === 'scalar' && enabled.value === false
}

/** Is the name of a server one that it may have? */
export function checkName(entry: Entry, path: Path): readonly Issue[] {
  if (RESERVED_SERVER_NAMES.includes(entry.key)) {
    const suggestion = toServerName(entry.key)
    const message = `\`${entry.key}\` is a name that Isogate keeps for itself; did you mean \`${suggestion}\`?`
    return [issueAt(path, entry.keyAt, message, suggestion)]
  }
  if (SERVER_NAME_PATTERN.test(entry.key)) return []
  const suggestion = toServerName(entry.key)
  const message = `a server's name begins with a letter and has at most 32 letters, digits, \`_\` and \`-\`; did you mean \`${suggestion}\`?`
  return [issueAt(path, entry.keyAt, message, suggestion)]
}

/** What is wrong between the fields of a server, or in its texts. A disabled server is not looked at. */
export function checkServer({ value, keyAt }: Entry, path: Path): readonly Issue[] {
  if (value.kind !== 'map' || isDisabled(value)) return []
  const command = entryOf(value, 'command')
  const url = entryOf(value, 'url')
  if (command !== undefined && url !== undefined) {
    return [issueAt([...path, 'url'], url.keyAt, 'a server has either `command` or `url`, not both')]
  }
  const issues: Issue[] = []
  if (command === undefined && url === undefined && !hasTypo(value)) {
    issues.push(issueAt(path, keyAt, 'a server needs `command` (a program) or `url` (an address)'))
  }
  for (const key of url === undefined ? HTTP_KEYS : STDIO_KEYS) {
    const misplaced = entryOf(value, key)
    const needed = url === undefined ? 'url' : 'command'
    if (misplaced !== undefined && (command ?? url) !== undefined) {
      issues.push(issueAt([...path, key], misplaced.keyAt, `\`${key}\` only goes with \`${needed}\``))
    }
  }
  if (url !== undefined) issues.push(...checkUrl(url, [...path, 'url']))
  return [...issues, ...checkHeaders(value, path), ...checkEnv(value, path), ...checkNulls(value, path)]
}

/** A mistyped `command` is reported as such; that it is missing would be noise. */
function hasTypo(server: MapTree): boolean {
  return server.entries.some(
    ({ key }) =>
      key.length > 1 &&
      ['command', 'url'].includes(nearest(key, ['command', 'url', 'args', 'env', 'cwd'], 1)[0] ?? ''),
  )
}

function checkUrl({ value }: Entry, path: Path): readonly Issue[] {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return []
  const url = URL.canParse(value.value) ? new URL(value.value) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) {
    return [issueAt(path, value.at, 'expected an address that begins with http:// or https://')]
  }
  if (url.username !== '' || url.password !== '') {
    return [issueAt(path, value.at, 'an address must not carry a user or password; use `headers`')]
  }
  return []
}

function checkHeaders(server: MapTree, path: Path): readonly Issue[] {
  const headers = entryOf(server, 'headers')?.value
  if (headers?.kind !== 'map') return []
  return headers.entries.flatMap(({ key, keyAt, value }) => {
    const inner = [...path, 'headers', key]
    if (!HEADER_NAME.test(key)) return [issueAt(inner, keyAt, 'not a valid name of an HTTP header')]
    // A line break in a value, from a file or a variable, would smuggle in another header.
    const isBad =
      value.kind === 'scalar' &&
      typeof value.value === 'string' &&
      /[^\t\x20-\x7e\x80-\xff]/.test(value.value)
    return isBad
      ? [issueAt(inner, value.at, 'holds a line break or another character that no HTTP header may carry')]
      : []
  })
}

function checkEnv(server: MapTree, path: Path): readonly Issue[] {
  const env = entryOf(server, 'env')?.value
  if (env?.kind !== 'map') return []
  return env.entries
    .filter(({ key }) => key === '' || /[=\0]/.test(key))
    .map(({ key, keyAt }) =>
      issueAt([...path, 'env', key], keyAt, 'not a valid name of an environment variable'),
    )
}

/** A NUL character ends a string of the operating system early, and Node refuses to start the program. */
function checkNulls(tree: Tree, path: Path): readonly Issue[] {
  if (tree.kind === 'list') return tree.items.flatMap((item, index) => checkNulls(item, [...path, index]))
  if (tree.kind === 'map') return tree.entries.flatMap(({ key, value }) => checkNulls(value, [...path, key]))
  const isBad = typeof tree.value === 'string' && tree.value.includes('\0') && !path.includes('headers')
  return isBad ? [issueAt(path, tree.at, 'holds a NUL character')] : []
}
