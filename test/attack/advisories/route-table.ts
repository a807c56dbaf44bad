import { subscribe, unsubscribe } from 'node:diagnostics_channel'

import { createGuard } from '../../../src/http/guard.ts'
import { createAuth, hashToken } from '../../../src/http/auth.ts'
import type { AdminPorts } from '../../../src/http/admin/ports.ts'
import { startAdminServer } from '../../../src/http/admin/server.ts'
import type { Endpoint } from '../../../src/http/endpoints.ts'
import { PUBLIC_PATHS, SIGNED_PATHS } from '../../../src/http/server.ts'
import { mountEndpoints } from '../../../src/mount.ts'
import { mcpHeaders } from '../../http/raw-request.ts'
import type { House } from '../../gateway/open-house.ts'

/** One thing that can be asked of a listener. */
export interface Route {
  readonly method: string
  readonly path: string
}

/** A listener with everything that it serves, as its own code says it: nobody has to keep a list up to date. */
export interface Listener {
  readonly url: string
  readonly routes: readonly Route[]
  readonly close: () => Promise<void>
}

/** Routes that are meant to answer whoever asks, and those that a signature opens. */
export const OPEN_PATHS: readonly string[] = [...PUBLIC_PATHS, ...SIGNED_PATHS]

/** Stands in the place of each `:part` of a path. */
export const filled = (path: string, part = 'alpha'): string => path.replaceAll(/:\w+/g, part)

const NOTHING: Endpoint = { handle: () => Promise.resolve(), close: () => Promise.resolve() }

/** The HTTP door of a house: the routes of its framework, and the endpoints that are found before it. */
export async function listenWithRoutes(house: House): Promise<Listener> {
  const { value, routes } = await watchingRoutes(() => house.listenHttp())
  const mounted = mountEndpoints(house.plan, house.gateway, { streamable: () => NOTHING, sse: () => NOTHING })
  const endpoints = mounted.endpoints.flatMap(({ path }) =>
    ['GET', 'POST', 'DELETE'].map((method) => ({ method, path })),
  )
  await mounted.close()
  return { url: value.url, routes: [...routes, ...endpoints], close: value.close }
}

export const ADMIN_TOKEN = 'isa_the-token-of-the-administrators'

/** The admin API over ports that only note that somebody came through to them. */
export async function listenAdmin(): Promise<Listener & { readonly reached: readonly string[] }> {
  const reached: string[] = []
  const trap = (name: string): unknown =>
    new Proxy(() => {}, {
      get: (_target, member) => (typeof member === 'symbol' ? undefined : trap(`${name}.${member}`)),
      apply: () => {
        reached.push(name)
        return Promise.resolve({})
      },
    })
  const ports = Object.fromEntries(
    ['identities', 'approvals', 'audit', 'explain', 'limits'].map((name) => [name, trap(name)]),
  ) as unknown as AdminPorts
  const { value, routes } = await watchingRoutes(() =>
    startAdminServer({
      ...ports,
      host: '127.0.0.1',
      port: 0,
      version: '0.0.0',
      authenticate: createAuth({ tokenHash: hashToken(ADMIN_TOKEN) }),
      guard: createGuard({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
      onError: () => {},
    }),
  )
  return { url: value.url, routes, close: value.close, reached }
}

/** Sends a request as somebody: `headers` instead of the right token. */
export function ask(
  url: string,
  { method, path }: Route,
  headers: Readonly<Record<string, string>>,
  body?: unknown,
): Promise<Response> {
  const { authorization: _right, ...others } = mcpHeaders()
  const hasBody = body !== undefined && !['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method)
  return fetch(url + filled(path), {
    method,
    headers: { ...others, ...headers },
    redirect: 'manual',
    ...(hasBody ? { body: JSON.stringify(body) } : {}),
  })
}

/** Every instance of the framework tells of itself, and then of each of its routes. */
async function watchingRoutes<T>(
  open: () => Promise<T>,
): Promise<{ readonly value: T; readonly routes: readonly Route[] }> {
  const routes: Route[] = []
  const onInstance = (message: unknown): void => {
    const { fastify } = message as { fastify: { addHook: (name: string, hook: unknown) => void } }
    fastify.addHook('onRoute', ({ method, url }: { method: string | string[]; url: string }) => {
      for (const each of [method].flat()) routes.push({ method: each, path: url })
    })
  }
  subscribe('fastify.initialization', onInstance)
  try {
    return { value: await open(), routes }
  } finally {
    unsubscribe('fastify.initialization', onInstance)
  }
}
