import { expect, test } from 'vitest'

import type { JournalRecord } from '../../src/core/ports.ts'
import { createMetrics } from '../../src/telemetry/metrics.ts'

const record = (more: Partial<JournalRecord>): JournalRecord => ({
  id: '1',
  atMs: 0,
  door: 'mcp',
  principal: 'p',
  tool: 's.t',
  durationMs: 3,
  outcome: 'ok',
  ...more,
})

test('calls are counted by door, outcome and code, and their times in buckets', () => {
  const metrics = createMetrics()
  metrics.journal.write(record({}))
  metrics.journal.write(record({ durationMs: 70_000 }))
  metrics.journal.write(record({ outcome: 'refused', code: 'unknown_tool', durationMs: 0.5 }))
  const lines = metrics.text([]).split('\n')
  expect(lines).toContain('isogate_calls_total{door="mcp",outcome="ok",code=""} 2')
  expect(lines).toContain('isogate_calls_total{door="mcp",outcome="refused",code="unknown_tool"} 1')
  expect(lines).toContain('isogate_call_duration_seconds_bucket{door="mcp",le="0.001"} 1')
  expect(lines).toContain('isogate_call_duration_seconds_bucket{door="mcp",le="0.005"} 2')
  expect(lines).toContain('isogate_call_duration_seconds_bucket{door="mcp",le="60"} 2')
  expect(lines).toContain('isogate_call_duration_seconds_bucket{door="mcp",le="+Inf"} 3')
  expect(lines).toContain('isogate_call_duration_seconds_count{door="mcp"} 3')
})

test('labels are escaped, and every series stands under its type', () => {
  const gauge = { name: 'g', help: 'A gauge.', read: () => [{ labels: { a: 'x"\\\n' }, value: 1.5 }] }
  const text = createMetrics().text([gauge])
  expect(text).toContain('# TYPE g gauge\ng{a="x\\"\\\\\\n"} 1.5\n')
  expect(text.endsWith('\n')).toBe(true)
})
