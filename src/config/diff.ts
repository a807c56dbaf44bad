import { createHash } from 'node:crypto'

import { canonicalJson, type Json } from '../core/json.ts'
import type { Rule } from '../core/rule.ts'
import type { Plan } from './compile.ts'
import { BUILT_IN, VIRTUAL_LISTS, type VirtualServerPlan } from './virtual-servers.ts'

/** What differs between two configurations. Names of fields only: no value of a server is ever part of it. */
export interface PlanDiff {
  readonly servers: {
    readonly added: readonly string[]
    readonly removed: readonly string[]
    readonly changed: readonly { readonly name: string; readonly fields: readonly string[] }[]
  }
  readonly rules: { readonly added: readonly Rule[]; readonly removed: readonly Rule[] }
  /** Other settings that are applied while running. */
  readonly settings: readonly string[]
  /** Settings that are read at the start only. */
  readonly restart: readonly string[]
}

/** Sections that a running gateway keeps: a socket, a pool of processes and an open log were made with them. */
const AT_START = ['http', 'admin', 'sandbox', 'store', 'audit', 'search', 'log'] as const

/** What a change from one plan to the other means. */
export function diffPlans(before: Plan, after: Plan): PlanDiff {
  const old = new Map(before.servers.map((server) => [server.name, server]))
  const names = new Set(after.servers.map(({ name }) => name))
  return {
    servers: {
      added: after.servers.map(({ name }) => name).filter((name) => !old.has(name)),
      removed: [...old.keys()].filter((name) => !names.has(name)),
      changed: after.servers.flatMap(({ fingerprint, ...server }) => {
        const was = old.get(server.name)
        if (was === undefined || was.fingerprint === fingerprint) return []
        const { fingerprint: _fingerprint, ...bare } = was
        return [{ name: server.name, fields: changedFields(bare, server) }]
      }),
    },
    rules: {
      added: rulesOnlyIn(after.rules, before.rules),
      removed: rulesOnlyIn(before.rules, after.rules),
    },
    settings: changedFields(settingsOf(before), settingsOf(after)),
    restart: AT_START.flatMap((section) => changedFields(before[section], after[section], `${section}.`)),
  }
}

/** All that differs as one list of paths, for a record: servers, what the rules come from, settings. Each is there once. */
export function changedPaths({ servers, rules, settings, restart }: PlanDiff): readonly string[] {
  const named = [...servers.added, ...servers.removed].map((name) => `servers.${name}`)
  const fields = servers.changed.flatMap((server) =>
    server.fields.map((field) => `servers.${server.name}.${field}`),
  )
  const lists = [...rules.added, ...rules.removed].map(({ source }) => source.replaceAll(/\[\d+\]/g, ''))
  return [...new Set([...named, ...fields, ...lists, ...settings, ...restart])]
}

/**
 * SHA-256 over what a plan says of who may do what, hexadecimal: two gateways with one fingerprint have the same policy. No secret and
 * nothing that may hold one goes into it, because a short one could be guessed from what is shown.
 */
export function fingerprintOf(plan: Plan): string {
  const { webhook: _webhook, ...approvals } = plan.approvals
  const keys = plan.identities.keys.map(({ hash: _hash, ...key }) => key)
  const shown = {
    servers: plan.servers.map(({ name, kind }) => ({ name, kind })),
    rules: plan.rules,
    serverRules: plan.serverRules,
    ...settingsOf({ ...plan, approvals, identities: { ...plan.identities, keys: [] } }),
    keys,
    // Not where they are: that differs from machine to machine.
    scripts: plan.scripts.enabled,
  }
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(shown)) as Json))
    .digest('hex')
}

/** True where there is nothing to apply: servers, in their order, rules, in theirs, and settings are alike. */
export function isSamePlan(before: Plan, after: Plan): boolean {
  return changedFields(before, after).length === 0
}

/** True where nothing differs. */
export function isEmptyDiff({ servers, rules, settings, restart }: PlanDiff): boolean {
  const lists = [
    servers.added,
    servers.removed,
    servers.changed,
    rules.added,
    rules.removed,
    settings,
    restart,
  ]
  return lists.every((list) => list.length === 0)
}

/** The settings with the keys of the document. */
function settingsOf(plan: Plan): object {
  const { mode, autoThresholdTokens, auto, timeoutMs, endpoints, virtualServers, scripts, codeMode } = plan
  const modes = Object.fromEntries(endpoints.map((endpoint) => [endpoint.path, { mode: endpoint.mode }]))
  const virtual = Object.fromEntries(virtualServers.map(({ slug, ...server }) => [slug, asWritten(server)]))
  const general = { mode, autoThresholdTokens, auto, timeoutMs, endpoints: modes, virtualServers: virtual }
  return { ...general, scripts, codeMode, ...governanceOf(plan) }
}

/** Of who may do what. Limits and identities are one value each: it is enough to know which of them to look at. */
function governanceOf({ policyRules, autonomous, classification, limits, prices, ...plan }: Plan): object {
  const { identities, approvals } = plan
  return {
    policy: { ...classification, rules: policyRules, auto: autonomous },
    limits: [limits],
    prices,
    organisations: byId(identities.organisations),
    teams: byId(identities.teams),
    keys: byId(identities.keys),
    approvals,
  }
}

function byId(entries: readonly { readonly id: string }[]): object {
  return Object.fromEntries(entries.map((entry) => [entry.id, [entry]]))
}

/** A virtual server with the keys of the document: a scope is made of three lists and of the mode. */
function asWritten({ scope, ...server }: Omit<VirtualServerPlan, 'slug'>): object {
  const lists = VIRTUAL_LISTS.map(({ list, kind }) => [
    list,
    scope
      .filter((rule) => rule.source !== BUILT_IN && rule.kinds?.includes(kind))
      .map((rule) => rule.pattern),
  ])
  return { ...server, ...Object.fromEntries(lists) }
}

function rulesOnlyIn(rules: readonly Rule[], others: readonly Rule[]): readonly Rule[] {
  const keyOf = ({ kinds = [], pattern, verdict }: Rule): string => `${verdict} ${kinds.join()} ${pattern}`
  const known = new Set(others.map(keyOf))
  return rules.filter((rule) => !known.has(keyOf(rule)))
}

/** Paths of the members that differ. A list is one value: which of its items differs could tell a secret. */
function changedFields(before: object, after: object, prefix = ''): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...keys].flatMap((key) => {
    const [was, is] = [memberOf(before, key), memberOf(after, key)]
    if (isRecord(was) && isRecord(is)) return changedFields(was, is, `${prefix}${key}.`)
    return JSON.stringify(was) === JSON.stringify(is) ? [] : [`${prefix}${key}`]
  })
}

/** Its own only: a variable may be called `constructor`. */
function memberOf(record: object, key: string): unknown {
  return Object.hasOwn(record, key) ? (record as Readonly<Record<string, unknown>>)[key] : undefined
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
