import { fileURLToPath } from 'node:url'

import type { EraClient, EraClientParts, Place } from './client.ts'
import { connectFirst } from './first-client.ts'
import { SERVERS, type EraHouse, type ServerName } from './house.ts'
import { connectSecond } from './second-client.ts'

const PROGRAM = fileURLToPath(new URL('../../src/bin.js', import.meta.url))

/** A kind of client: its SDK, and where it connects. */
export interface Kind {
  readonly sdk: 1 | 2
  /** `single`: at `/mcp/s/<server>`; `classic`: at `/mcp/classic`; `stdio`: to an `isogate stdio` of its own. */
  readonly at: 'single' | 'classic' | 'stdio'
}

export const KINDS: Readonly<Record<string, Kind>> = {
  'SDK 1.x at /mcp/s': { sdk: 1, at: 'single' },
  'SDK 2.x at /mcp/s': { sdk: 2, at: 'single' },
  'SDK 1.x at /mcp/classic': { sdk: 1, at: 'classic' },
  'SDK 2.x at /mcp/classic': { sdk: 2, at: 'classic' },
  'SDK 1.x with isogate stdio': { sdk: 1, at: 'stdio' },
  'SDK 2.x with isogate stdio': { sdk: 2, at: 'stdio' },
}

/** At the endpoint of one server only. */
export const SINGLE = Object.entries(KINDS).filter(([, { at }]) => at === 'single')

/** These, and one gateway over standard input: to start one takes long, and not every test needs both. */
export function withStdio(sdk: Kind['sdk']): [string, Kind][] {
  return [...SINGLE, ...Object.entries(KINDS).filter(([, kind]) => kind.at === 'stdio' && kind.sdk === sdk)]
}

/** A client that uses one server, whatever the server's things are called where the client is. */
export interface ServerClient extends EraClient {
  readonly kind: Kind
  /** A tool or prompt of the server. */
  readonly name: (native: string) => string
  /** A resource of the server that every server of the house has. */
  readonly uri: (native: string) => string
  readonly call: (
    tool: string,
    args?: Record<string, unknown>,
    options?: Parameters<EraClient['request']>[2] & { readonly more?: object },
  ) => Promise<Record<string, unknown>>
}

/** Connects a client. */
export async function connect(
  house: EraHouse,
  kind: Kind,
  server: ServerName,
  parts: EraClientParts = {},
): Promise<ServerClient> {
  const place = placeOf(house, kind, server)
  const client = await (kind.sdk === 1 ? connectFirst : connectSecond)(place, parts)
  return useServer(client, kind, server, house)
}

/** The same client, used for another server; for one over several servers. */
export function useServer(client: EraClient, kind: Kind, server: ServerName, house: EraHouse): ServerClient {
  const isSingle = kind.at === 'single'
  const owner = SERVERS.find((name) => house.gateway.servers().some((report) => report.server === name))
  const name = (native: string): string => (isSingle ? native : `${server}__${native}`)
  return {
    ...client,
    kind,
    name,
    uri: (native) =>
      isSingle || server === owner ? native : `isogate://${server}/${encodeURIComponent(native)}`,
    call: (tool, args = {}, { more = {}, ...options } = {}) =>
      client.request('tools/call', { name: name(tool), arguments: args, ...more }, options),
  }
}

/** A client for each server; where one can use them all, it is one. */
export async function connectAll(
  house: EraHouse,
  kind: Kind,
  parts: EraClientParts = {},
): Promise<{ readonly of: (server: ServerName) => ServerClient; readonly close: () => Promise<void> }> {
  const clients = new Map<ServerName, ServerClient>()
  const own: ServerClient[] = []
  for (const { server } of house.gateway.servers()) {
    const name = server as ServerName
    const [first] = own
    if (kind.at === 'single' || first === undefined) own.push(await connect(house, kind, name, parts))
    clients.set(name, useServer(own.at(-1) as ServerClient, kind, name, house))
  }
  return {
    of(server) {
      const client = clients.get(server)
      if (client === undefined) throw new Error(`There is no client for ${server}.`)
      return client
    },
    close: async () => {
      for (const client of own) await client.close()
    },
  }
}

function placeOf({ url, configFile }: EraHouse, { at }: Kind, server: ServerName): Place {
  if (at === 'single') return { url: `${url}/mcp/s/${server}` }
  if (at === 'classic') return { url: `${url}/mcp/classic` }
  return { command: process.execPath, args: [PROGRAM, 'stdio', '--config', configFile] }
}
