import type { ClientView } from '../../core/listing.ts'

/** A client that runs scripts or defers definitions by itself, as it comes out of the box. */
interface KnownClient {
  /** As it stands in the `clientInfo` that it sends. */
  readonly name: string
  /** The first version that does it; absent where every version that is about does, or none is known. */
  readonly since?: string
  readonly brings: string
}

/**
 * Clients that do by themselves what Code Mode and mode `search` do: they are shown the definitions, and keep them out of the
 * context of their model. Only such as do it unasked: one that has to be told to is told to ask here too (docs/clients.md).
 */
const KNOWN_CLIENTS: readonly KnownClient[] = [
  // Sources: its changelog, 2.1.7, "MCP tool search auto mode"; recorded handshakes of 2.1.233 and 2.1.268 for the name.
  { name: 'claude-code', since: '2.1.7', brings: 'tool search' },
  // Sources: openai/codex, pull requests 29486 (MCP tools are deferred, before that from 100 on) and 17287 (its code mode);
  // codex-rs/rmcp-client for the name.
  { name: 'codex-mcp-client', brings: 'tool search and a code mode' },
  // Sources: anomalyco/opencode, issue 48108 (`codemode` is on by default from 2.0 on), packages/opencode/src/mcp for the name.
  { name: 'opencode', since: '2.0.0', brings: 'a code mode' },
  // Source: UsefulSoftwareCo/executor, packages/plugins/mcp/src/sdk/connection.ts: a gateway with one tool, `execute`.
  { name: 'executor-mcp', brings: 'a code mode' },
  // The name that this gateway gives itself towards its servers (src/mcp/upstream/wire/connection.ts).
  { name: 'isogate', brings: 'a code mode' },
]

/** Bridges put themselves behind the name of the client. Source: punkpeye/mcp-remote, pull request 63. */
const BRIDGE = ' (via mcp-remote '

/** The name of a client without that of the bridge that it came over. */
export function nameOf({ name }: ClientView): string | undefined {
  const end = name?.indexOf(BRIDGE) ?? -1
  return end < 0 ? name : name?.slice(0, end)
}

/** What a client brings of its own; undefined where it brings nothing, or where it is not known. */
export function broughtBy(client: ClientView): string | undefined {
  const name = nameOf(client)
  const known = name === undefined ? undefined : KNOWN_CLIENTS.find((each) => each.name === name)
  if (known === undefined || isOlder(client.version, known.since)) return undefined
  return known.brings
}

/** False where either is not there or is no version: clients that are about are newer more often than older. */
function isOlder(version: string | undefined, since: string | undefined): boolean {
  const [a, b] = [partsOf(version), partsOf(since)]
  if (a === undefined || b === undefined) return false
  const at = b.findIndex((part, index) => part !== a[index])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}

function partsOf(version: string | undefined): readonly number[] | undefined {
  return /^v?(\d{1,9})\.(\d{1,9})\.(\d{1,9})/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number)
}
