import type { Entry, MapTree, Note, Path, Tree } from '../document/tree.ts'
import type { EnvFile } from './entry.ts'
import type { ClientContext } from './references.ts'
import { entryOf, formatPath } from '../document/tree.ts'
import { adaptEntry } from './entry.ts'
import { isServerName, toServerNames } from './names.ts'

/** A client's file, rewritten as a configuration of Isogate. References are still unresolved. */
export interface AdaptedFile {
  readonly root: MapTree
  readonly notes: readonly Note[]
  /** Files with variables that the entries name, to be read by whoever starts the servers. */
  readonly envFiles: readonly EnvFile[]
}

/** Own top-level keys and the kind of value that they have here: old Gemini settings have `sandbox: "docker"`. */
const OWN_KEYS: Readonly<Record<string, Tree['kind']>> = {
  servers: 'map',
  policy: 'map',
  mode: 'scalar',
  autoThresholdTokens: 'scalar',
  auto: 'map',
  endpoints: 'map',
  virtualServers: 'map',
  http: 'map',
  sandbox: 'map',
  timeoutMs: 'scalar',
  log: 'map',
}

/** Is this the file of an MCP client: `mcpServers`, and none of our own top-level keys? */
export function isClientFile(root: Tree): root is MapTree {
  if (root.kind !== 'map' || entryOf(root, 'mcpServers') === undefined) return false
  return !root.entries.some(({ key, value }) => Object.hasOwn(OWN_KEYS, key) && OWN_KEYS[key] === value.kind)
}

/** Rewrites a client's file: keeps `mcpServers`, sets the rest aside. */
export function adaptClientFile(root: MapTree, context: ClientContext): AdaptedFile {
  const servers = entryOf(root, 'mcpServers')
  if (servers === undefined) return { root, notes: [], envFiles: [] }
  const rest = root.entries.filter(({ key }) => key !== 'mcpServers' && key !== '$schema')
  const notes: Note[] = []
  if (rest[0] !== undefined) {
    const names = rest.slice(0, 8).map(({ key }) => `\`${key.slice(0, 64)}\``)
    const more = rest.length > names.length ? ` and ${rest.length - names.length} more` : ''
    notes.push({
      path: '',
      line: rest[0].keyAt.line,
      message: `set aside, not about servers: ${names.join(', ')}${more}`,
    })
  }
  if (servers.value.kind !== 'map') return { root: { ...root, entries: [servers] }, notes, envFiles: [] }
  const adapted = adaptServers(servers.value.entries, ['mcpServers'], context)
  const entries = [{ ...servers, value: { ...servers.value, entries: adapted.servers } }]
  return { root: { ...root, entries }, notes: [...notes, ...adapted.notes], envFiles: adapted.envFiles }
}

/** Rewrites the server entries of a client, whatever section of whatever file they stand in. */
export function adaptServers(
  entries: readonly Entry[],
  path: Path,
  context: ClientContext,
): {
  readonly servers: readonly Entry[]
  readonly notes: readonly Note[]
  readonly envFiles: readonly EnvFile[]
} {
  const notes: Note[] = []
  const servers: Entry[] = []
  const envFiles: EnvFile[] = []
  const names = toServerNames(entries.map(({ key }) => key))
  for (const [index, entry] of entries.entries()) {
    const name = names[index] ?? entry.key
    const adapted = adaptEntry(entry, name, [...path, entry.key], context)
    notes.push(...adapted.notes)
    if (adapted.value === undefined) continue
    if (!isServerName(entry.key)) {
      const message = `the name \`${entry.key.slice(0, 64)}\` is not allowed here; the server is called \`${name}\``
      notes.push({ path: formatPath([...path, entry.key]), line: entry.keyAt.line, message })
    }
    servers.push({ key: name, keyAt: entry.keyAt, value: adapted.value })
    if (adapted.envFile !== undefined) envFiles.push(adapted.envFile)
  }
  return { servers, notes, envFiles }
}
