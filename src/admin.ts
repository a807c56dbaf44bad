import type { GovernedGateway } from './assemble.ts'
import { verifyAudit } from './audit/verify.ts'
import type { Anchor } from './audit/anchor.ts'
import type { TrustedKeys } from './audit/signing-key.ts'
import type { Plan } from './config/compile.ts'
import { GatewayError } from './core/errors.ts'
import type { Principal } from './core/principal.ts'
import type { Store } from './core/store.ts'
import { toolKey } from './core/tool.ts'
import { createAuth } from './http/auth.ts'
import { startAdminServer } from './http/admin/server.ts'
import { createGuard } from './http/guard.ts'
import type { Listening } from './http/listen.ts'
import { createLogins } from './http/logins.ts'
import { verdictOf } from './policy/judge.ts'
import type { Log } from './telemetry/log.ts'

/** What the admin API is opened with. */
export interface AdminParts {
  readonly gateway: GovernedGateway
  readonly store: Store
  readonly log: Log
  readonly version: string
  readonly newId: () => string
  readonly nowMs: () => number
  /** Hash of the token of administrators. */
  readonly tokenHash: string
  /** What the chain of the audit is verified with. Absent: nothing is recorded. */
  readonly chain?: { readonly keys: TrustedKeys; readonly anchor: () => Anchor | undefined }
}

const ADMIN: Principal = Object.freeze({ id: 'admin', kind: 'token' })
/** Whoever holds the gateway's own token. */
const TOKEN_HOLDER: Principal = Object.freeze({ id: 'token', kind: 'token' })

/**
 * Opens the admin API of a gateway.
 *
 * @throws GatewayError `port_in_use`, `listen_failed`
 */
export function listenAdmin({ admin }: Pick<Plan, 'admin'>, parts: AdminParts): Promise<Listening> {
  const { gateway, store, log, version, newId, nowMs, tokenHash, chain } = parts
  const { governance } = gateway
  const principalOf = async (key: string | undefined): Promise<Principal> =>
    key === undefined ? TOKEN_HOLDER : governance.principalOf(key)
  return startAdminServer({
    host: admin.host,
    port: admin.port,
    version,
    authenticate: createAuth({
      tokenHash,
      holder: ADMIN,
      logins: createLogins({ note: governance.note, nowMs, newId }),
    }),
    guard: createGuard({ host: admin.host, allowedHosts: admin.allowedHosts, allowedOrigins: [] }),
    onError: (error) => log.error({ err: error.cause }, error.message),
    identities: governance.identities,
    approvals: governance.approvals,
    audit: {
      list: store.audit.list,
      verify: async () => {
        if (chain === undefined) throw new GatewayError('not_there', 'Nothing is recorded (`audit.enabled`).')
        const anchor = chain.anchor()
        const options = anchor === undefined ? {} : { anchor }
        const { fault, ...report } = await verifyAudit(store.audit, chain.keys, options)
        if (fault === undefined) return { ...report }
        throw new GatewayError('audit_broken', `Row ${fault.seq} ${fault.why}.`, {
          detail: { seq: fault.seq, upTo: fault.upTo, rows: report.rows },
        })
      },
    },
    explain: async ({ key, tool, door, args }) => {
      const principal = await principalOf(key)
      const levels = gateway.explain(principal, door, tool, args)
      const verdict = verdictOf(levels)
      return {
        principal: principal.id,
        tool: toolKey(tool),
        door,
        verdict,
        isThere: gateway.snapshot().catalog.get(toolKey(tool)) !== undefined,
        levels: levels.map((finding) => ({ ...finding })),
      }
    },
    limits: async (key) => {
      const principal = await principalOf(key)
      const states = await governance.limits.describe(governance.keyring.of(principal))
      return states
    },
  })
}
