import type { Entry, Tree } from '../document/tree.ts'

/** The port of a gateway whose configuration names none. */
const DEFAULT_PORT = '7333'

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]']

/**
 * True for an entry that leads back to a gateway of this kind: taken over, it would call itself without end.
 *
 * @param name the name that the client gave the entry
 */
export function isOwnEntry(name: string, fields: ReadonlyMap<string, Entry>): boolean {
  return startsIsogate(fields) || leadsToIsogate(name, textOf(fields.get('url')?.value))
}

function startsIsogate(fields: ReadonlyMap<string, Entry>): boolean {
  const command = textOf(fields.get('command')?.value)
  if (/(?:^|[\\/])isogate(?:\.cmd|\.exe)?$/.test(command)) return true
  const args = fields.get('args')?.value
  // `npx -y isogate stdio`; a folder of that name further on is not meant.
  const words = args?.kind === 'list' ? args.items.slice(0, 3).map(textOf) : []
  return words.some((word) => /^isogate(?:@[^\\/]*)?$/.test(word))
}

/** An MCP endpoint of ours on this machine: by the default port, or by the name that `docs/clients.md` gives the entry. */
function leadsToIsogate(name: string, address: string): boolean {
  if (!URL.canParse(address)) return false
  const { hostname, port, pathname } = new URL(address)
  const isEndpoint = /^\/mcp(?:\/(?:code|classic|s\/[^/]+))?(?:\/sse)?\/?$/.test(pathname)
  return isEndpoint && LOOPBACK.includes(hostname) && (port === DEFAULT_PORT || /isogate/i.test(name))
}

/** The text of a value; empty where it is no text. */
function textOf(tree: Tree | undefined): string {
  return tree?.kind === 'scalar' && typeof tree.value === 'string' ? tree.value : ''
}
