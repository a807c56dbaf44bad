import { randomBytes } from 'node:crypto'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import {
  listenHttp,
  listenStdio,
  openGateway,
  systemClock,
  type GovernedGateway,
} from '../../src/assemble.ts'
import type { TrustedKeys } from '../../src/audit/signing-key.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import { openHomeAudit } from '../../src/home-audit.ts'
import { hashToken } from '../../src/http/auth.ts'
import { textResult, type Result } from '../../src/core/result.ts'
import type { Store } from '../../src/core/store.ts'
import { openStore } from '../../src/store/store.ts'
import { handMadeBackend, type HandMadeTool } from '../gateway/hand-made-backend.ts'
import { housePlan, TOKEN } from '../gateway/open-house.ts'
import { LIMITS, ORGANISATION, POLICY, TEAM } from './policy.ts'

/** Whose policy it is: that of a hierarchy of keys, or that of the gateway, for a door where nobody has a key. */
export type Governs = 'keys' | 'gateway'

/** A gateway with all that governs it: real levels, limits, approvals and audit over a real store. Only the servers are made by hand. */
export interface GovernedHouse {
  readonly url: string
  readonly folder: string
  readonly gateway: GovernedGateway
  readonly store: Store
  /** What the audit is verified with. */
  readonly trusted: TrustedKeys
  /** Makes a virtual key of the team. @returns its secret */
  readonly newKey: (id: string, more?: object) => Promise<string>
  /** Calls that have reached a server, also one in another process: `tool` and its `order`, a line each. */
  readonly reached: (tool: string, order: string) => number
  /** Answers all calls of `alpha.hang`. */
  readonly release: () => void
  /** Moves the clock on the wall. */
  readonly advance: (ms: number) => void
  /** The number of the last record. */
  readonly mark: () => Promise<number>
  /** The records since then, the oldest first. */
  readonly since: (mark: number, kinds?: readonly AuditEvent['kind'][]) => Promise<readonly AuditEvent[]>
  readonly listenStdio: () => { close: () => Promise<void> }
  readonly close: () => Promise<void>
}

const ORDER = { type: 'object', properties: { order: { type: 'string' }, amount: { type: 'number' } } }

/**
 * @param parts.folder Of another house, whose store it shares.
 * @param parts.isServing False: it has no HTTP door.
 */
export async function openGovernedHouse(
  governs: Governs,
  parts: { readonly folder?: string; readonly isServing?: boolean } = {},
): Promise<GovernedHouse> {
  const { isServing = true, folder = mkdtempSync(join(tmpdir(), 'isogate-governed-')) } = parts
  const reachedFile = join(folder, 'reached.log')
  let release = (): void => {}
  let opened = Promise.resolve()
  const renew = (): void => {
    const gate = Promise.withResolvers<void>()
    opened = gate.promise
    release = gate.resolve
  }
  renew()
  const tool = (answer: () => Promise<Result> | Result = () => textResult('done')): HandMadeTool => ({
    inputSchema: ORDER,
    answer: ({ tool: { name }, args }) => {
      appendFileSync(reachedFile, `${name} ${JSON.stringify(args['order'])}\n`)
      return answer()
    },
  })
  const alpha = {
    ...Object.fromEntries(
      ['say', 'pay', 'refund', 'manual', 'rated', 'budgeted', 'secret'].map((name) => [name, tool()]),
    ),
    hang: tool(() => opened.then(() => textResult('released'))),
  }
  const servers: Record<string, Record<string, HandMadeTool>> = { alpha, vault: { open: tool() } }
  const isForKeys = governs === 'keys'
  const plan = housePlan({
    servers,
    config: {
      policy: isForKeys ? { auto: ['*'] } : POLICY,
      ...(isForKeys ? {} : { limits: LIMITS }),
      audit: { durability: 'strict' },
      virtualServers: {
        whole: { mode: 'classic', tools: ['*'] },
        finder: { mode: 'search', tools: ['*'] },
      },
    },
  })
  let aheadMs = 0
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs }
  const quiet = (): void => {}
  const ports = {
    clock,
    version: '0.0.0',
    log: { error: console.error, warn: quiet, info: quiet, debug: quiet },
  }
  const store = await openStore({ path: join(folder, 'isogate.db'), clock, random: randomBytes })
  const { audit, keys } = openHomeAudit({
    stateFolder: folder,
    plan: plan.audit,
    store,
    isInMemory: false,
    clock,
    onFault: console.error,
    warn: quiet,
  })
  const backends = Object.entries(servers).map(([name, tools]) => handMadeBackend(name, tools))
  const gateway = openGateway(plan, {
    ...ports,
    store,
    audit,
    createUpstream: ({ name }) => {
      const backend = backends.find(({ server }) => server === name)
      if (backend === undefined) throw new Error(name)
      return backend
    },
  })
  const { identities } = gateway.governance
  if (isForKeys) {
    await identities.organisations.create('acme', ORGANISATION, 'admin')
    await identities.teams.create('data', TEAM, 'admin')
  }
  const http = isServing ? await listenHttp(plan, gateway, hashToken(TOKEN), ports) : undefined
  return {
    url: http?.url ?? '',
    folder,
    gateway,
    store,
    trusted: keys,
    newKey: async (id, more = {}) =>
      (await identities.keys.create(id, { team: 'data', limits: LIMITS, ...more }, 'admin')).secret,
    reached: (name, order) =>
      readFileSync(reachedFile, 'utf8')
        .split('\n')
        .filter((line) => line === `${name} ${JSON.stringify(order)}`).length,
    release: () => {
      release()
      renew()
    },
    advance: (ms) => void (aheadMs += ms),
    mark: async () => (await store.audit.last())?.seq ?? 0,
    since: async (afterSeq, kinds = ['call']) =>
      (await store.audit.list({ afterSeq, limit: 10_000 }))
        .map(({ body }) => JSON.parse(body) as AuditEvent)
        .filter(({ kind }) => kinds.includes(kind)),
    listenStdio: () => listenStdio(gateway, ports),
    close: async () => {
      await http?.close()
      await gateway.close()
      if (parts.folder === undefined) rmSync(folder, { recursive: true, force: true })
    },
  }
}
