import { expect, test } from 'vitest'

import { CSV_HEADER, toCsvLine } from '../../src/audit/export/csv.ts'
import { toOcsf } from '../../src/audit/export/ocsf.ts'
import { toRecord } from '../../src/audit/export/record.ts'
import { toEventText } from '../../src/audit/event-text.ts'
import type { AuditEvent } from '../../src/core/audit.ts'
import type { JsonObject } from '../../src/core/json.ts'
import { callEvent } from './events.ts'

const HASH = 'a'.repeat(64)
const AT = callEvent(1).atMs

function csv(event: Partial<AuditEvent>): string {
  return toCsvLine({ seq: 7, hash: HASH, event: callEvent(1, event) })
}

/** The cells of a line of RFC 4180. */
function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"\r\n]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

test('a line of CSV has a cell for each column', () => {
  const names = CSV_HEADER.trim().split(',')
  const cells = cellsOf(csv({ rule: 'a,b "c"\r\nd', detail: { x: 1 } }).slice(0, -2))
  const row = Object.fromEntries(names.map((name, index) => [name, cells[index]]))
  expect(cells).toHaveLength(names.length)
  expect(row).toMatchObject({
    seq: '7',
    time: new Date(AT).toISOString(),
    kind: 'call',
    tool: 'files.read_file',
    rule: 'a,b "c"\r\nd',
    durationMs: '12.5',
    detail: '{"x":1}',
    team: '',
    hash: HASH,
  })
})

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1', '=cmd|" /C calc"!A0'])(
  'a spreadsheet calculates nothing of %j',
  (text) => {
    const cells = cellsOf(csv({ tool: text }))
    expect(cells).toContain(`'${text}`)
    for (const cell of cells) expect(cell).not.toMatch(/^\s*[=+\-@]/)
  },
)

test('what is no time or no number breaks no line', () => {
  expect(csv({ atMs: 1e300, durationMs: -5 })).toMatch(/^7,,"call".*,"'-5",/)
})

test('a call is API Activity of OCSF', () => {
  const event = callEvent(1, {
    outcome: 'refused',
    code: 'policy_denied',
    team: 'build',
    organisation: 'acme',
    traceId: 'b'.repeat(32),
    parent: 'run-1',
    argumentsHash: 'sha256:1',
  })
  expect(toOcsf({ seq: 7, hash: HASH, event }, '1.2.3')).toEqual({
    class_uid: 6003,
    class_name: 'API Activity',
    category_uid: 6,
    category_name: 'Application Activity',
    activity_id: 99,
    activity_name: 'Call',
    type_uid: 600_399,
    type_name: 'API Activity: Call',
    time: AT,
    severity_id: 3,
    severity: 'Medium',
    status_id: 2,
    status: 'Failure',
    status_code: 'policy_denied',
    status_detail: 'The policy does not allow the tool to be used in this way.',
    duration: 13,
    message: 'call: refused',
    metadata: {
      version: '1.3.0',
      uid: `7:${HASH}`,
      sequence: 7,
      event_code: 'call',
      log_name: 'audit',
      product: { name: 'Isogate', vendor_name: 'Isogate', version: '1.2.3' },
      correlation_uid: 'b'.repeat(32),
      tenant_uid: 'acme',
    },
    actor: {
      user: {
        uid: 'key:build',
        name: 'build',
        type_id: 4,
        type: 'Service',
        org: { name: 'acme', uid: 'acme' },
        groups: [{ name: 'build', uid: 'build' }],
      },
    },
    src_endpoint: { name: 'mcp', svc_name: 'isogate mcp' },
    api: {
      operation: 'tools/call',
      service: { name: 'files' },
      request: { uid: 'call-1' },
      response: {
        error: 'policy_denied',
        error_message: 'The policy does not allow the tool to be used in this way.',
      },
    },
    resources: [{ name: 'files.read_file', type: 'tool' }],
    unmapped: {
      parent: 'run-1',
      traceId: 'b'.repeat(32),
      verdict: 'allow',
      rule: 'policy.allow[0]',
      argumentsHash: 'sha256:1',
    },
  })
})

test.each<[Partial<AuditEvent>, Partial<JsonObject>]>([
  [
    { method: 'resources/read' },
    { class_uid: 6003, activity_id: 2, type_uid: 600_302, status_id: 1, severity_id: 1 },
  ],
  [{ kind: 'suggestion' }, { activity_id: 99, activity_name: 'Simulate' }],
  [{ kind: 'approval.asked' }, { class_uid: 6003, activity_id: 1 }],
  [{ kind: 'audit.pruned' }, { class_uid: 6003, activity_id: 4 }],
  [{ kind: 'login' }, { class_uid: 3002, category_uid: 3, activity_id: 1, type_uid: 300_201, status_id: 1 }],
  [
    { kind: 'login.refused', outcome: 'refused', code: 'key_revoked' },
    { class_uid: 3002, status_id: 2, status_code: 'key_revoked', severity_id: 3 },
  ],
])('%o has its class and activity', (event, expected) => {
  expect(toOcsf({ seq: 1, hash: HASH, event: callEvent(1, event) }, '1')).toMatchObject(expected)
})

/** What the classes require. Source: schema.ocsf.io 1.3.0. */
const REQUIRED = ['activity_id', 'category_uid', 'class_uid', 'metadata', 'severity_id', 'time', 'type_uid']

test.each<AuditEvent['kind']>([
  'call',
  'login',
  'server.started',
  'config.applied',
  'store.changed',
  'audit.lost',
])('%s has all that its class requires, whatever else is known', (kind) => {
  const event: AuditEvent = { kind, atMs: 1, id: 'x', principal: 'gateway', outcome: 'ok' }
  const found = toOcsf({ seq: 1, hash: HASH, event }, '1')
  const own = found['class_uid'] === 3002 ? ['user', 'service'] : ['actor', 'api', 'src_endpoint']
  expect(Object.keys(found)).toEqual(expect.arrayContaining([...REQUIRED, ...own]))
})

test('a body that is no event is none', () => {
  expect(toRecord({ seq: 1, hash: HASH, body: 'null' })).toBeUndefined()
  expect(toRecord({ seq: 1, hash: HASH, body: '{' })).toBeUndefined()
  expect(toRecord({ seq: 1, hash: HASH, body: toEventText(callEvent(1)) })?.event).toEqual(callEvent(1))
})
