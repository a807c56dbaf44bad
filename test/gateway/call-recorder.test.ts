import { expect, test } from 'vitest'

import type { AuditEvent } from '../../src/core/audit.ts'
import { GatewayError } from '../../src/core/errors.ts'
import type { ErrorCode } from '../../src/core/error-table.ts'
import { textResult } from '../../src/core/result.ts'
import { createCallRecorder } from '../../src/gateway/call-recorder.ts'
import { callOf } from '../policy/call-of.ts'

type Durability = Parameters<typeof createCallRecorder>[0]['durability']

/** How a call is recorded that ends like this. */
function recorded(
  tool: string,
  end: ErrorCode | 'ok',
  durability: Durability = 'auto',
): { how: 'strict' | 'batched'; event: AuditEvent } {
  const events: { how: 'strict' | 'batched'; event: AuditEvent }[] = []
  const recorder = createCallRecorder({
    audit: {
      note: (event) => void events.push({ how: 'batched', event }),
      record: (event) => Promise.resolve(void events.push({ how: 'strict', event })),
      requireReady: () => {},
      close: () => Promise.resolve(),
    },
    durability,
    isReadOnly: ({ name }) => name === 'read',
    argumentsOf: () => ({ argumentsHash: 'sha256:x' }),
  })
  const outcome = end === 'ok' ? { result: textResult('four') } : { error: new GatewayError(end, 'No.') }
  const call = callOf(tool, {}, { meta: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } })
  void recorder.end({ call, trail: { verdict: 'allow', rule: 'r' }, atMs: 1.7, durationMs: 2.34, ...outcome })
  const [first] = events
  if (first === undefined) throw new Error('Nothing was recorded.')
  return first
}

test.each<[string, ErrorCode | 'ok', Durability, 'strict' | 'batched']>([
  ['alpha.read', 'ok', 'auto', 'batched'],
  ['alpha.write', 'ok', 'auto', 'strict'],
  ['alpha.write', 'unknown_tool', 'auto', 'batched'],
  ['alpha.write', 'approval_pending', 'auto', 'batched'],
  // It was sent: whatever became of it may have changed something.
  ['alpha.write', 'call_timeout', 'auto', 'strict'],
  ['alpha.write', 'upstream_closed', 'auto', 'strict'],
  ['alpha.read', 'ok', 'strict', 'strict'],
  ['alpha.read', 'unknown_tool', 'strict', 'strict'],
  ['alpha.write', 'ok', 'batched', 'batched'],
])('%s that ends with %s is recorded, with durability %s, %s', (tool, end, durability, how) => {
  expect(recorded(tool, end, durability).how).toBe(how)
})

test('the record says who, what, how it ended and in which trace', () => {
  expect(recorded('alpha.write', 'ok').event).toEqual({
    kind: 'call',
    atMs: 1,
    id: 'call-1',
    traceId: 'a'.repeat(32),
    door: 'mcp',
    principal: 'somebody',
    tool: 'alpha.write',
    argumentsHash: 'sha256:x',
    verdict: 'allow',
    rule: 'r',
    outcome: 'ok',
    durationMs: 2.3,
    resultBytes: 4,
  })
})
