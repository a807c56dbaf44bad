import fc from 'fast-check'

import type { AuditEvent, AuditKind } from '../../src/core/audit.ts'
import type { ErrorCode } from '../../src/core/error-table.ts'
import type { JsonObject } from '../../src/core/json.ts'

/** An event as it is usual. */
export function callEvent(index: number, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    kind: 'call',
    atMs: 1_800_000_000_000 + index,
    id: `call-${index}`,
    door: 'mcp',
    principal: 'key:build',
    tool: 'files.read_file',
    verdict: 'allow',
    rule: 'policy.allow[0]',
    outcome: 'ok',
    durationMs: 12.5,
    ...more,
  }
}

const text = fc.string({ unit: 'binary', maxLength: 40 })
const number = fc.double()
const object = fc.dictionary(text, fc.jsonValue({ maxDepth: 3 })) as fc.Arbitrary<JsonObject>

/** Any event that the types allow. */
export const ANY_EVENT = fc.record(
  {
    kind: fc.constantFrom<AuditKind[]>('call', 'suggestion', 'login', 'config.applied', 'audit.lost'),
    atMs: number,
    id: text,
    parent: text,
    traceId: text,
    door: fc.constantFrom<NonNullable<AuditEvent['door']>[]>('mcp', 'stdio', 'cli', 'rest', 'script'),
    principal: text,
    organisation: text,
    team: text,
    method: text,
    tool: text,
    argumentsHash: text,
    args: object,
    verdict: fc.constantFrom<NonNullable<AuditEvent['verdict']>[]>('allow', 'ask', 'deny'),
    rule: text,
    approval: text,
    outcome: fc.constantFrom<AuditEvent['outcome'][]>('ok', 'tool_error', 'refused'),
    code: fc.constantFrom<ErrorCode[]>('unknown_tool', 'internal'),
    durationMs: number,
    argumentBytes: number,
    resultBytes: number,
    detail: fc.oneof(object, fc.constant(null), text, fc.array(fc.integer(), { maxLength: 3 })),
  },
  { requiredKeys: ['kind', 'atMs', 'id', 'principal', 'outcome'] },
) as unknown as fc.Arbitrary<AuditEvent>
