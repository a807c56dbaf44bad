import type { Server } from 'node:http'

import type { FastifyInstance } from 'fastify'

import { GatewayError } from '../core/errors.ts'

/** A listening HTTP server. */
export interface Listening {
  /** As a client would write it, with the port that was given. */
  readonly url: string
  readonly close: () => Promise<void>
}

/** How long a connection may be idle, milliseconds: longer than the minute after which proxies give up theirs. */
export const KEEP_ALIVE_MS = 72_000

/**
 * What all servers of ours have in common. A header that comes twice is joined and so refused: where one of the two is dropped, a proxy
 * in front of the gateway may have looked at the other.
 */
export const SERVER_OPTIONS = { joinDuplicateHeaders: true } as const

/**
 * Opens the socket.
 *
 * @throws GatewayError `port_in_use`, `listen_failed`
 */
export async function listen(
  app: FastifyInstance,
  server: () => Server | undefined,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<Listening> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const inUse = (cause as NodeJS.ErrnoException).code === 'EADDRINUSE'
    throw inUse
      ? new GatewayError('port_in_use', `Port ${port} of ${host} is taken.`, { cause })
      : new GatewayError('listen_failed', `${host}:${port} cannot be listened on.`, { cause })
  }
  const address = app.server.address()
  const given = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${given}`,
    close: async () => {
      const closed = app.close()
      // Clients keep their connections open for as long as they are let.
      server()?.closeAllConnections()
      await closed
    },
  }
}
