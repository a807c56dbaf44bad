import type { AuditEvent, AuditKind } from '../../core/audit.ts'
import { ERRORS } from '../../core/error-table.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import type { AuditRecord } from './record.ts'

/** Of the schema. Its later versions have all attributes that are used here. */
const VERSION = '1.3.0'

/** What an event is called in the schema. Source: schema.ocsf.io, classes API Activity and Authentication. */
interface Activity {
  readonly id: number
  readonly name: string
}

const CREATE: Activity = { id: 1, name: 'Create' }
const READ: Activity = { id: 2, name: 'Read' }
const UPDATE: Activity = { id: 3, name: 'Update' }
const DELETE: Activity = { id: 4, name: 'Delete' }
const LOGON: Activity = { id: 1, name: 'Logon' }
const other = (name: string): Activity => ({ id: 99, name })

const ACTIVITIES: Readonly<
  Record<Exclude<AuditKind, 'call' | 'suggestion' | 'login' | 'login.refused'>, Activity>
> = {
  'approval.asked': CREATE,
  'approval.decided': UPDATE,
  'approval.expired': UPDATE,
  'config.applied': UPDATE,
  'config.refused': UPDATE,
  'identity.changed': UPDATE,
  'server.started': other('Start'),
  'store.changed': UPDATE,
  'audit.pruned': DELETE,
  'audit.lost': other('Lose'),
}

/** Methods of MCP that only read. A tool may do anything, whatever it says. */
const READING = /^(?:[a-z]+\/(?:list|read|get|result)|resources\/templates\/list|completion\/complete)$/

/** Informational, low, medium. */
const SEVERITY: Readonly<Record<AuditEvent['outcome'], readonly [number, string]>> = {
  ok: [1, 'Informational'],
  tool_error: [2, 'Low'],
  refused: [3, 'Medium'],
}

/**
 * An event of the Open Cybersecurity Schema Framework: Authentication (3002) for logins, API Activity (6003) for all else. What the schema has
 * no place for is in `unmapped`, under the names of the audit.
 *
 * @param productVersion of Isogate
 */
export function toOcsf(record: AuditRecord, productVersion: string): JsonObject {
  const { event } = record
  const isLogin = event.kind === 'login' || event.kind === 'login.refused'
  return isLogin ? toAuthentication(record, productVersion) : toApiActivity(record, productVersion)
}

function toApiActivity(record: AuditRecord, productVersion: string): JsonObject {
  const { event } = record
  const { id, tool, args, code, door, method, kind } = event
  const isCall = kind === 'call' || kind === 'suggestion'
  return {
    ...toBase(record, productVersion, 6003, 'API Activity', 6, 'Application Activity', activityOf(event)),
    actor: { user: toUser(event) },
    src_endpoint: { name: door ?? 'isogate', ...(door === undefined ? {} : { svc_name: `isogate ${door}` }) },
    api: {
      operation: isCall ? (method ?? 'tools/call') : kind,
      service: { name: tool === undefined ? 'isogate' : serverOf(tool) },
      request: { uid: id, ...(args === undefined ? {} : { data: args }) },
      ...(code === undefined
        ? {}
        : { response: { error: code, error_message: ERRORS[code]?.meaning ?? code } }),
    },
    ...(tool === undefined
      ? {}
      : { resources: [{ name: tool, type: method === undefined ? 'tool' : method }] }),
  }
}

function toAuthentication(record: AuditRecord, productVersion: string): JsonObject {
  const { event } = record
  return {
    ...toBase(record, productVersion, 3002, 'Authentication', 3, 'Identity & Access Management', LOGON),
    user: toUser(event),
    service: { name: 'isogate' },
    auth_protocol_id: 99,
    auth_protocol: 'Bearer token',
    is_remote: event.door !== 'stdio' && event.door !== 'cli',
    ...(event.door === undefined ? {} : { src_endpoint: { name: event.door } }),
  }
}

function toBase(
  { seq, hash, event }: AuditRecord,
  productVersion: string,
  classUid: number,
  className: string,
  categoryUid: number,
  categoryName: string,
  activity: Activity,
): JsonObject {
  const [severityId, severity] = SEVERITY[event.outcome] ?? [0, 'Unknown']
  const isGood = event.outcome === 'ok'
  const { code, durationMs, organisation, parent, traceId } = event
  const correlation = traceId ?? parent
  return {
    class_uid: classUid,
    class_name: className,
    category_uid: categoryUid,
    category_name: categoryName,
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: classUid * 100 + activity.id,
    type_name: `${className}: ${activity.name}`,
    time: event.atMs,
    severity_id: severityId,
    severity,
    status_id: isGood ? 1 : 2,
    status: isGood ? 'Success' : 'Failure',
    ...(isGood ? {} : { status_code: code ?? event.outcome }),
    ...(code === undefined ? {} : { status_detail: ERRORS[code]?.meaning ?? code }),
    ...(durationMs === undefined ? {} : { duration: Math.round(durationMs) }),
    message: `${event.kind}: ${event.outcome}`,
    metadata: {
      version: VERSION,
      uid: `${seq}:${hash}`,
      sequence: seq,
      event_code: event.kind,
      log_name: 'audit',
      product: { name: 'Isogate', vendor_name: 'Isogate', version: productVersion },
      ...(correlation === undefined ? {} : { correlation_uid: correlation }),
      ...(organisation === undefined ? {} : { tenant_uid: organisation }),
    },
    unmapped: toUnmapped(event),
  }
}

function activityOf({ kind, method }: AuditEvent): Activity {
  if (kind === 'call' || kind === 'suggestion') {
    if (method !== undefined && READING.test(method)) return READ
    return other(kind === 'call' ? 'Call' : 'Simulate')
  }
  return ACTIVITIES[kind as keyof typeof ACTIVITIES] ?? other(kind)
}

function toUser({ principal, organisation, team }: AuditEvent): JsonObject {
  const isKey = principal.startsWith('key:')
  return {
    uid: principal,
    name: isKey ? principal.slice('key:'.length) : principal,
    type_id: isKey ? 4 : 99,
    type: isKey ? 'Service' : 'Other',
    ...(organisation === undefined ? {} : { org: { name: organisation, uid: organisation } }),
    ...(team === undefined ? {} : { groups: [{ name: team, uid: team }] }),
  }
}

function serverOf(tool: string): string {
  const end = tool.indexOf('.')
  return end === -1 ? tool : tool.slice(0, end)
}

const UNMAPPED = [
  'parent',
  'traceId',
  'verdict',
  'rule',
  'approval',
  'argumentsHash',
  'argumentBytes',
  'resultBytes',
  'detail',
] as const

function toUnmapped(event: AuditEvent): JsonObject {
  const members: [string, Json][] = []
  for (const name of UNMAPPED) {
    const value = event[name]
    if (value !== undefined) members.push([name, value])
  }
  return Object.fromEntries(members)
}
