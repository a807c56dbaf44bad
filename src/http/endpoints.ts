import type { IncomingMessage, ServerResponse } from 'node:http'

import type { Principal } from '../core/principal.ts'

/** Serves the requests of one endpoint. */
export interface Endpoint {
  readonly handle: (request: IncomingMessage, response: ServerResponse, principal: Principal) => Promise<void>
  readonly close: () => Promise<void>
}

/** An endpoint, or many of a kind, as the HTTP door mounts them. */
export interface MountedEndpoint {
  /** A path of fastify. One with `:name` is many. */
  readonly path: string
  /** The endpoint behind a name; undefined where there is none. */
  readonly of: (name: string) => Endpoint | undefined
  readonly close: () => Promise<void>
}

/** One endpoint at a path. */
export function mountEndpoint(path: string, endpoint: Endpoint): MountedEndpoint {
  return { path, of: () => endpoint, close: () => endpoint.close() }
}

/**
 * Endpoints of a kind, made when they are first asked for.
 *
 * @param has Whether a name stands for something at the moment.
 */
export function mountFamily(
  path: string,
  has: (name: string) => boolean,
  create: (name: string) => Endpoint,
): MountedEndpoint & { readonly prune: () => void } {
  const made = new Map<string, Endpoint>()
  return {
    path,
    of(name) {
      if (!has(name)) return undefined
      let endpoint = made.get(name)
      if (endpoint === undefined) made.set(name, (endpoint = create(name)))
      return endpoint
    },
    /** Closes those whose name stands for nothing any more. */
    prune() {
      for (const [name, endpoint] of made) {
        if (has(name)) continue
        made.delete(name)
        void endpoint.close()
      }
    },
    async close() {
      await Promise.all([...made.values()].map((endpoint) => endpoint.close()))
    },
  }
}
