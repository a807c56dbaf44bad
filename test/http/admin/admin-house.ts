import { randomBytes } from 'node:crypto'

import { onTestFinished } from 'vitest'

import { createDecisions } from '../../../src/approvals/decisions.ts'
import { newSigningKey } from '../../../src/audit/signing-key.ts'
import { createAudit } from '../../../src/audit/audit.ts'
import { verifyAudit } from '../../../src/audit/verify.ts'
import { systemClock } from '../../../src/assemble.ts'
import type { Approval } from '../../../src/core/approval.ts'
import type { Audit } from '../../../src/core/audit.ts'
import type { KeySettings, KeyView } from '../../../src/core/identity-desk.ts'
import type { JsonObject } from '../../../src/core/json.ts'
import type { Store } from '../../../src/core/store.ts'
import { createAuth, createTokenAuth, hashToken } from '../../../src/http/auth.ts'
import type { ExplainRequest } from '../../../src/http/admin/ports.ts'
import { createAdminRoutes } from '../../../src/http/admin/routes.ts'
import type { AdminRoute } from '../../../src/http/admin/route.ts'
import { startAdminServer } from '../../../src/http/admin/server.ts'
import { createGuard } from '../../../src/http/guard.ts'
import { createIdentityDesk } from '../../../src/identity/desk.ts'
import { createKeyring, type Keyring } from '../../../src/identity/keyring.ts'
import { openMemoryStore } from '../../../src/store/store.ts'
import { LEVEL } from '../../identity/world.ts'

export const ADMIN_SECRET = 'isa_the-token-of-administrators'
export const GATEWAY_SECRET = 'isg_the-token-of-the-gateway'

/** An admin API over a real store, real keys and a real audit. */
export interface AdminHouse {
  readonly url: string
  readonly store: Store
  readonly keyring: Keyring
  readonly audit: Audit
  readonly routes: readonly AdminRoute[]
  /** What was asked of the policy. */
  readonly explained: readonly ExplainRequest[]
  /** Sends a request with the token of administrators. */
  readonly send: (method: string, path: string, body?: unknown) => Promise<Answer>
}

export interface Answer {
  readonly status: number
  readonly body: Body
}

/** The members of all answers; a test reads those that its route gives. */
interface Body {
  readonly key: KeyView
  readonly secret: string
  readonly settings: KeySettings
  readonly approvals: readonly Approval[]
  readonly rows: readonly {
    readonly seq: number
    readonly event: { readonly detail: { readonly name: string } }
  }[]
  readonly fault?: object
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly error: { readonly code: string }
}

/** An operation of an OpenAPI document. */
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: JsonObject } }
  }
}

export async function openAdminHouse(): Promise<AdminHouse> {
  const store = openMemoryStore({ clock: systemClock, random: randomBytes })
  const key = newSigningKey()
  const newId = (): string => randomBytes(8).toString('hex')
  const audit = createAudit({
    store: store.audit,
    key,
    settings: { checkpointRows: 1_000, checkpointMs: 60_000 },
    clock: systemClock,
    newId,
    onFault: () => {},
  })
  const declared = {
    organisations: [{ id: 'fixed', ...LEVEL }],
    teams: [{ id: 'fixed', ...LEVEL }],
    keys: [{ id: 'fixed', hash: hashToken('a-declared-secret'), ...LEVEL }],
  }
  const keyring = createKeyring({
    store: store.identity,
    declared,
    clock: systemClock,
    log: { warn: () => {} },
  })
  await keyring.refresh()
  const explained: ExplainRequest[] = []
  const ports = {
    identities: createIdentityDesk({
      store: store.identity,
      declared: () => declared,
      nowMs: systemClock.nowMs,
      random: randomBytes,
      newId,
      refresh: keyring.refresh,
      audit,
    }),
    approvals: createDecisions({
      store: store.approvals,
      settings: () => ({ fourEyes: false }),
      clock: systemClock,
      note: audit.note,
    }),
    audit: {
      list: store.audit.list,
      verify: () => verifyAudit(store.audit, new Map([[key.id, key.publicKey]])),
    },
    explain: async (request: ExplainRequest) => {
      explained.push(request)
      return { verdict: 'deny', findings: [] }
    },
    limits: async (id: string | undefined) => (id === undefined ? [] : [{ level: 'key', id }]),
  }
  const server = await startAdminServer({
    ...ports,
    host: '127.0.0.1',
    port: 0,
    version: '1.2.3',
    authenticate: createTokenAuth(hashToken(ADMIN_SECRET)),
    guard: createGuard({ host: '127.0.0.1', allowedHosts: [], allowedOrigins: [] }),
    onError: (error) => {
      throw error
    },
  })
  onTestFinished(async () => {
    await server.close()
    keyring.close()
    await audit.close()
    await store.close()
  })
  return {
    url: server.url,
    store,
    keyring,
    audit,
    explained,
    routes: createAdminRoutes(ports),
    send: async (method, path, body) => {
      const answer = await fetch(`${server.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${ADMIN_SECRET}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await answer.text()
      return { status: answer.status, body: JSON.parse(text === '' ? 'null' : text) as Body }
    },
  }
}

/** Whether the gateway's own door would let somebody in with this secret. */
export function isLetIn({ keyring }: AdminHouse, secret: string): boolean {
  try {
    createAuth({ tokenHash: hashToken(GATEWAY_SECRET), keys: keyring })({ headers: { 'x-api-key': secret } })
    return true
  } catch {
    return false
  }
}
