import { randomUUID } from 'node:crypto'

import { onTestFinished } from 'vitest'

import type { AuditEvent } from '../../src/core/audit.ts'
import type { Principal } from '../../src/core/principal.ts'
import { createAuth, hashToken, type AuthParts } from '../../src/http/auth.ts'
import { mountEndpoint } from '../../src/http/endpoints.ts'
import { createGuard } from '../../src/http/guard.ts'
import { createLogins } from '../../src/http/logins.ts'
import { startHttpServer, type HttpServer, type HttpServerParts } from '../../src/http/server.ts'
import { createWorld, type World, type WorldParts } from '../identity/world.ts'

export const DOOR_TOKEN = 'isg_the-token-of-this-door'

/** An HTTP door with real keys; what stands behind it says who came in. */
export interface KeyDoor extends World {
  readonly server: HttpServer
  readonly logins: readonly AuditEvent[]
  /** Asks who one is. */
  readonly ask: (headers: Readonly<Record<string, string>>, path?: string) => Promise<Response>
}

export async function openKeyDoor(
  parts: WorldParts &
    Pick<AuthParts, 'takeRequest'> &
    Partial<Pick<HttpServerParts, 'rest' | 'answerApproval'>> = {},
): Promise<KeyDoor> {
  const world = await createWorld(parts)
  const logins: AuditEvent[] = []
  const noted = createLogins({
    note: (event) => void logins.push(event),
    nowMs: world.clock.nowMs,
    newId: randomUUID,
    maxPerSecond: 3,
  })
  const { rest, answerApproval, takeRequest } = parts
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    endpoints: [
      mountEndpoint('/who', {
        handle: async (_request, response, principal: Principal) => void response.end(principal.id),
        close: () => Promise.resolve(),
      }),
      mountEndpoint('/stream', {
        // Begins an answer and never ends it.
        handle: async (_request, response) => void response.writeHead(200).write('begun\n'),
        close: () => Promise.resolve(),
      }),
    ],
    maxBodyBytes: 4_096,
    authenticate: createAuth({
      tokenHash: hashToken(DOOR_TOKEN),
      keys: world.keyring,
      logins: noted,
      ...(takeRequest === undefined ? {} : { takeRequest }),
    }),
    guard: createGuard({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
    revocations: world.keyring,
    metrics: () => 'calls{tool="vault.open"} 1\n',
    pending: () => [],
    state: () => ({ revision: 1, isStale: false, isStopping: false }),
    onError: (error) => {
      throw error
    },
    ...(rest === undefined ? {} : { rest }),
    ...(answerApproval === undefined ? {} : { answerApproval }),
  })
  onTestFinished(async () => {
    noted.close()
    await server.close()
  })
  return {
    ...world,
    server,
    logins,
    ask: (headers, path = '/who') => fetch(`${server.url}${path}`, { headers }),
  }
}

/** The headers of somebody who has a secret. */
export function bearer(secret: string): { authorization: string } {
  return { authorization: `Bearer ${secret}` }
}
