import { randomBytes, randomUUID } from 'node:crypto'

import { createApprovalDesk, type ApprovalDesk } from './approvals/desk.ts'
import { createSignedAnswers, type DecideBySignedAnswer } from './approvals/webhook/answer.ts'
import { createWebhook } from './approvals/webhook/webhook.ts'
import { argumentsOf } from './audit/arguments.ts'
import type { Plan } from './config/compile.ts'
import { changedPaths, diffPlans, fingerprintOf } from './config/diff.ts'
import type { Audit, AuditEvent } from './core/audit.ts'
import { GatewayError } from './core/errors.ts'
import type { Clock } from './core/ports.ts'
import type { Principal } from './core/principal.ts'
import type { Seal } from './core/seal.ts'
import type { Store } from './core/store.ts'
import { toolKey, type ToolRef } from './core/tool.ts'
import { createCallRecorder } from './gateway/call-recorder.ts'
import type { AppliedPlan, Gateway, GatewayParts } from './gateway/gateway.ts'
import { createIdentityDesk } from './identity/desk.ts'
import { createKeyring, type Keyring } from './identity/keyring.ts'
import type { IdentityDesk } from './core/identity-desk.ts'
import { writtenOf } from './mcp/raw-result.ts'
import { createApproveLayer } from './policy/layers/approve.ts'
import { createLimitsLayer } from './policy/layers/limits.ts'
import { createRedactLayer } from './policy/layers/redact.ts'
import { createLimits, type Limits } from './policy/limits/limits.ts'
import { createRedactor } from './secrets/redactor.ts'
import type { Log } from './telemetry/log.ts'

/** What governance is built with. */
export interface GovernanceParts {
  /** Comes late: the gateway contains what is made here. */
  readonly gateway: () => Gateway
  readonly plan: Plan
  readonly clock: Clock
  readonly log: Log
  readonly store: Store
  /** Absent: nothing is recorded that proves things. */
  readonly audit?: Audit
  readonly seal?: Seal
}

/** Identity, limits, approvals and the record, around one gateway. */
export interface Governance {
  readonly keyring: Keyring
  readonly identities: IdentityDesk
  readonly limits: Limits
  readonly approvals: ApprovalDesk
  readonly answerApproval: DecideBySignedAnswer
  readonly note: (event: AuditEvent) => void
  /** The principal of a virtual key, by its name. @throws GatewayError `not_there`, `key_revoked` */
  readonly principalOf: (key: string) => Promise<Principal>
  /** What the gateway is made with. */
  readonly parts: Pick<GatewayParts, 'standings' | 'recorder' | 'limits' | 'approve' | 'redactorOf'>
  /** To be called when the gateway is there: follows its configuration. */
  readonly follow: () => void
  /** Before the store is closed. */
  readonly close: () => Promise<void>
}

export function createGovernance(parts: GovernanceParts): Governance {
  const { gateway, clock, log, store, audit, seal } = parts
  const plan = (): Plan => gateway().configuration().plan
  const note = (event: AuditEvent): void => audit?.note(event)
  const keyring = createKeyring({ store: store.identity, declared: parts.plan.identities, clock, log })
  const limits = createLimits({
    clock,
    budgets: store.budgets,
    gatewayLimits: () => plan().limits,
    prices: () => plan().prices,
    sandboxMsOf: (tool) => (runsScripts(tool) ? plan().sandbox.limits.cpuMs : 0),
  })
  const webhook = createWebhook({
    settings: () => plan().approvals.webhook,
    clock,
    fetch,
    onFault: (approval, reason) => log.warn({ approval, reason }, 'an approval could not be told of'),
  })
  const approvals = createApprovalDesk({
    store: store.approvals,
    settings: () => plan().approvals,
    groundOf: (tool) => groundOf(gateway(), tool),
    clock,
    random: randomBytes,
    note,
    ...(audit === undefined ? {} : { audit }),
    onAsked: webhook.tell,
  })
  const identities = createIdentityDesk({
    store: store.identity,
    declared: () => plan().identities,
    nowMs: clock.nowMs,
    random: randomBytes,
    newId: randomUUID,
    refresh: keyring.refresh,
    ...(audit === undefined ? {} : { audit }),
  })
  let stopFollowing = (): void => {}

  return {
    keyring,
    identities,
    limits,
    approvals,
    answerApproval: createSignedAnswers({
      decide: approvals.decide,
      settings: () => plan().approvals,
      clock,
    }),
    note,
    async principalOf(key) {
      await keyring.refresh()
      const principal: Principal = Object.freeze({ id: `key:${key}`, kind: 'key' })
      try {
        keyring.of(principal)
      } catch (error) {
        if (!(error instanceof GatewayError) || error.code !== 'key_revoked') throw error
        throw new GatewayError(
          'not_there',
          `There is no key "${key.slice(0, 100)}" that holds. ${error.message}`,
        )
      }
      return principal
    },
    parts: {
      standings: keyring,
      limits: createLimitsLayer(limits),
      approve: createApproveLayer(approvals),
      redactorOf(now) {
        const redactor = createRedactor(now.servers)
        return redactor.isIdle ? undefined : createRedactLayer(redactor, (result) => writtenOf(result)?.bytes)
      },
      ...(audit === undefined
        ? {}
        : {
            recorder: createCallRecorder({
              audit,
              durability: parts.plan.audit.durability,
              isReadOnly: (tool) => gateway().isReadOnly(tool),
              argumentsOf: ({ id, args }) => argumentsOf(parts.plan.audit.arguments, seal, id, args),
            }),
          }),
    },
    follow() {
      let { revision, plan: at } = gateway().configuration()
      note(toApplied(clock, { revision, plan: at }))
      stopFollowing = gateway().onCatalogChange(() => {
        const now = gateway().configuration()
        if (now.plan.identities !== at.identities) keyring.declare(now.plan.identities)
        if (now.revision !== revision) note(toApplied(clock, now, at))
        ;({ revision, plan: at } = now)
      })
    },
    async close() {
      stopFollowing()
      keyring.close()
      approvals.close()
      await Promise.all([webhook.close(), limits.close()])
    },
  }
}

function runsScripts({ server, name }: ToolRef): boolean {
  return server === 'scripts' || (server === 'code' && name === 'run_script')
}

/** A server that is another one, or says something else of a tool, is not what a person agreed to. */
function groundOf(gateway: Gateway, tool: ToolRef) {
  const definition = gateway.snapshot().catalog.get(toolKey(tool))?.definition
  const server = gateway.configuration().plan.servers.find(({ name }) => name === tool.server)
  return {
    ...(definition === undefined ? {} : { definition }),
    ...(server === undefined ? {} : { fingerprint: server.fingerprint }),
  }
}

/** More than these would push everything else out of a record. */
const MAX_CHANGES = 200
const MAX_PATH = 200

function toApplied(clock: Clock, { revision, plan }: AppliedPlan, before?: Plan): AuditEvent {
  const changed = before === undefined ? undefined : changedPaths(diffPlans(before, plan))
  return {
    kind: 'config.applied',
    atMs: Math.floor(clock.nowMs()),
    id: randomUUID(),
    principal: 'gateway',
    outcome: 'ok',
    detail: {
      revision,
      fingerprint: fingerprintOf(plan),
      ...(changed === undefined
        ? {}
        : {
            changed: changed.slice(0, MAX_CHANGES).map((path) => path.slice(0, MAX_PATH)),
            changes: changed.length,
          }),
    },
  }
}
