import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import type { RunLimits } from '../core/run.ts'
import type { LimitSettings, Price } from '../core/limits.ts'
import type { Rule, RuleSettings } from '../core/rule.ts'
import type { Kind } from '../core/tool.ts'
import type { Config, Mode, ServerConfig } from './schema.ts'
import type { AdminPlan } from './schema/admin.ts'
import type { ApprovalsPlan } from './schema/approvals.ts'
import { toAuditPlan, type AuditPlan } from './schema/audit.ts'
import { toIdentities, type DeclaredIdentities } from './schema/identity.ts'
import { toLimitSettings } from './schema/limits.ts'
import { toPolicySettings } from './schema/policy.ts'
import { SCRIPTS_SERVER, toScriptsPlan, type ScriptsPlan } from './schema/scripts.ts'
import { type SearchPlan, toSearchPlan } from './schema/embeddings.ts'
import { toStorePlan, type StorePlan } from './schema/store.ts'
import { GatewayError } from '../core/errors.ts'
import { canonicalJson } from '../core/json.ts'
import { intersectGlobs } from './globs.ts'
import { compileVirtualServers, type VirtualServerPlan } from './virtual-servers.ts'

interface ServerPlanBase {
  readonly name: string
  readonly timeouts: { readonly connectMs: number; readonly listMs: number; readonly callMs: number }
  readonly limits: { readonly concurrency: number; readonly queue: number; readonly maxMessageBytes: number }
  readonly start: 'eager' | 'lazy'
  readonly idleStopMs?: number
  readonly retry: 'none' | 'idempotent'
  readonly connection: 'auto' | 'shared' | 'client'
  /**
   * Two plans with one fingerprint describe the same connection. A hash over secrets too:
   * compare it, and never show it, because a short secret can be guessed from it.
   */
  readonly fingerprint: string
}

export interface StdioServerPlan extends ServerPlanBase {
  readonly kind: 'stdio'
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

export interface HttpServerPlan extends ServerPlanBase {
  readonly kind: 'http'
  readonly url: string
  readonly transport: 'auto' | 'streamable-http' | 'sse'
  readonly headers: Readonly<Record<string, string>>
  readonly probeMs: number
}

export type ServerPlan = StdioServerPlan | HttpServerPlan

/** An MCP endpoint and how it shows the tools. */
export interface EndpointPlan {
  readonly path: '/mcp' | '/mcp/code' | '/mcp/classic'
  readonly mode: Mode
}

export interface HttpPlan {
  readonly host: string
  readonly port: number
  readonly token?: string
  readonly allowedHosts: readonly string[]
  readonly allowedOrigins: readonly string[]
  readonly maxBodyBytes: number
}

export interface SandboxPlan {
  readonly maxCells: number
  readonly warmIsolates: number
  readonly cellMemoryMb: number
  readonly queue: number
  readonly limits: RunLimits
}

/** All that a revision of the gateway is built from. Frozen, plain data. */
export interface Plan {
  /** The enabled servers, in the order of the document. */
  readonly servers: readonly ServerPlan[]
  readonly disabledServers: readonly string[]
  readonly rules: readonly Rule[]
  readonly endpoints: readonly EndpointPlan[]
  readonly virtualServers: readonly VirtualServerPlan[]
  readonly http: HttpPlan
  readonly sandbox: SandboxPlan
  readonly store: StorePlan
  readonly scripts: ScriptsPlan
  readonly codeMode: Config['codeMode']
  readonly search: SearchPlan
  /** What the operator says of tools, whatever their servers say: globs over `server.tool`. */
  readonly classification: { readonly readOnly: readonly string[]; readonly writes: readonly string[] }
  /** What the servers' own lists allow: no rule of the policy goes beyond it. */
  readonly serverRules: readonly Rule[]
  /** The rules with conditions of the policy. */
  readonly policyRules: readonly RuleSettings[]
  /** Tools that scripts and agent loops may call by themselves. */
  readonly autonomous?: readonly string[]
  readonly limits: LimitSettings
  readonly prices: readonly Price[]
  readonly identities: DeclaredIdentities
  readonly approvals: ApprovalsPlan
  readonly audit: AuditPlan
  readonly admin: AdminPlan
  readonly mode: Mode
  readonly autoThresholdTokens: number
  readonly auto: Config['auto']
  readonly timeoutMs: number
  readonly log: { readonly level: 'silent' | 'error' | 'warn' | 'info' | 'debug' }
}

/** Compiles a configuration. Pure; `baseDir` is where its relative paths begin. */
export function compileConfig(config: Config, baseDir: string): Plan {
  const servers = Object.entries(config.servers)
  const { token, ...http } = config.http
  return deepFreeze({
    servers: servers
      .filter(([, server]) => server.enabled)
      .map(([name, server]) => toServerPlan(name, server, baseDir)),
    disabledServers: servers.filter(([, server]) => !server.enabled).map(([name]) => name),
    rules: compileRules(config),
    endpoints: [
      { path: '/mcp', mode: config.endpoints['/mcp'].mode ?? config.mode },
      { path: '/mcp/code', mode: 'code' },
      { path: '/mcp/classic', mode: 'classic' },
    ],
    virtualServers: compileVirtualServers(config),
    http: { ...structuredClone(http), ...(token === undefined ? {} : { token }) },
    sandbox: structuredClone(config.sandbox),
    store: toStorePlan(config.store, baseDir),
    scripts: toScriptsPlan(config.scripts, baseDir),
    codeMode: structuredClone(config.codeMode),
    search: toSearchPlan(config.search),
    classification: { readOnly: [...config.policy.readOnly], writes: [...config.policy.writes] },
    serverRules: [
      ...ownRules(config),
      ...enabledServers(config).flatMap(([name, server]) => serverRules(name, server, 'deny')),
    ],
    policyRules: toPolicySettings({ ...config.policy, allow: undefined }).rules ?? [],
    ...(config.policy.auto === undefined ? {} : { autonomous: [...config.policy.auto] }),
    limits: toLimitSettings(config.limits),
    prices: config.prices.map((price) => ({ ...price })),
    identities: toIdentities(config, hashKey),
    approvals: structuredClone(config.approvals),
    audit: toAuditPlan(structuredClone(config.audit), baseDir),
    admin: structuredClone(config.admin),
    mode: config.mode,
    autoThresholdTokens: config.autoThresholdTokens,
    auto: structuredClone(config.auto),
    timeoutMs: config.timeoutMs,
    log: { level: config.log.level },
  } satisfies Plan)
}

/**
 * The rules of a configuration. A tool is allowed where the allow list of its server (absent: all of it)
 * and that of the policy (empty: everything) both match; every deny list adds denials.
 */
function compileRules(config: Config): readonly Rule[] {
  const allowed = allowRules(config)
  if (allowed === undefined)
    throw new GatewayError('config_invalid', 'The globs of `policy.allow` are too intricate.')
  return [...allowed, ...strictRules(config)]
}

/** Saved scripts are allowed like the tools of a server: where `policy.allow` is not empty, it must name them. */
const SAVED_SCRIPTS: Rule = {
  kinds: ['tool'],
  pattern: `${SCRIPTS_SERVER}.*`,
  verdict: 'allow',
  source: 'scripts',
}

/** The rules that allow; nothing where combining the lists would take too many of them. */
export function allowRules(config: Config): readonly Rule[] | undefined {
  const rules: Rule[] = []
  for (const own of ownRules(config)) {
    if (config.policy.allow.length === 0) {
      rules.push(own)
      continue
    }
    for (const [index, glob] of config.policy.allow.entries()) {
      const patterns = intersectGlobs(own.pattern, glob)
      if (patterns === undefined) return undefined
      const source = `policy.allow[${index}] and ${own.source}`
      const kinds = own.kinds === undefined ? {} : { kinds: own.kinds }
      rules.push(...patterns.map((pattern) => ({ ...kinds, pattern, verdict: 'allow' as const, source })))
    }
  }
  return rules
}

function ownRules(config: Config): readonly Rule[] {
  const owns = enabledServers(config).flatMap(([name, server]) => serverAllows(name, server))
  return config.scripts.enabled ? [...owns, SAVED_SCRIPTS] : owns
}

/** The lists of a server, and what each is about. What has no list of its own is allowed with its server. */
const LISTS = [
  { list: 'tools', kind: 'tool' },
  { list: 'prompts', kind: 'prompt' },
  { list: 'resources', kind: 'resource' },
] as const
const KINDS: readonly Kind[] = ['tool', 'prompt', 'resource', 'method']

function serverAllows(name: string, server: ServerConfig): readonly Rule[] {
  const narrowed = LISTS.filter(({ list }) => server[list].allow !== undefined).map(({ kind }) => kind)
  const others = KINDS.filter((kind) => !narrowed.some((other) => other === kind))
  const kinds = narrowed.length === 0 ? {} : { kinds: others }
  const whole: Rule = { ...kinds, pattern: `${name}.*`, verdict: 'allow', source: `servers.${name}` }
  return [...serverRules(name, server, 'allow'), whole]
}

function serverRules(name: string, server: ServerConfig, verdict: 'allow' | 'deny'): readonly Rule[] {
  return LISTS.flatMap(({ list, kind }) =>
    (server[list][verdict] ?? []).map((glob, index) => ({
      kinds: [kind],
      pattern: `${name}.${glob}`,
      verdict,
      source: `servers.${name}.${list}.${verdict}[${index}]`,
    })),
  )
}

function strictRules(config: Config): readonly Rule[] {
  const own = enabledServers(config).flatMap(([name, server]) => serverRules(name, server, 'deny'))
  return [...own, ...listRules(config.policy, 'ask'), ...listRules(config.policy, 'deny')]
}

function listRules(policy: Config['policy'], verdict: 'ask' | 'deny'): readonly Rule[] {
  return policy[verdict].map((pattern, index) => ({
    pattern,
    verdict,
    source: `policy.${verdict}[${index}]`,
  }))
}

/** As `hashToken` of the HTTP door: the key itself is in no plan. */
function hashKey(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

function enabledServers(config: Config): readonly [string, ServerConfig][] {
  return Object.entries(config.servers).filter(([, server]) => server.enabled)
}

function toServerPlan(name: string, server: ServerConfig, baseDir: string): ServerPlan {
  const { start, idleStopMs, retry, connection } = server
  const shared = {
    name,
    timeouts: { ...server.timeouts },
    limits: { ...server.limits },
    start,
    retry,
    connection,
    ...(idleStopMs === undefined ? {} : { idleStopMs }),
  }
  if (server.command !== undefined) {
    return withFingerprint({
      ...shared,
      kind: 'stdio',
      command: server.command,
      args: [...(server.args ?? [])],
      env: { ...server.env },
      cwd: resolve(baseDir, server.cwd ?? '.'),
    })
  }
  if (server.url === undefined)
    throw new GatewayError('config_invalid', `The server ${name} has no command and no url.`)
  const { url, transport, probeMs } = server
  return withFingerprint({ ...shared, kind: 'http', url, transport, headers: { ...server.headers }, probeMs })
}

function withFingerprint(
  plan: Omit<StdioServerPlan, 'fingerprint'> | Omit<HttpServerPlan, 'fingerprint'>,
): ServerPlan {
  return {
    ...plan,
    fingerprint: createHash('sha256').update(canonicalJson(plan)).digest('hex'),
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) deepFreeze(member)
    Object.freeze(value)
  }
  return value
}
