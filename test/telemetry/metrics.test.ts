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

test('runs are counted by outcome, and what they saved is summed, also where one cost more', () => {
  const metrics = createMetrics()
  metrics.countRun('ok')
  metrics.countRun('ok')
  metrics.countRun('script_timeout')
  metrics.saved({ directTokens: 1_000, usedTokens: 90, turnsAvoided: 4 })
  metrics.saved({ directTokens: 10, usedTokens: 60, turnsAvoided: 0 })
  const lines = metrics.text([]).split('\n')
  expect(lines).toContain('isogate_runs_total{outcome="ok"} 2')
  expect(lines).toContain('isogate_runs_total{outcome="script_timeout"} 1')
  expect(lines).toContain('isogate_savings_tokens_total{kind="direct"} 1010')
  expect(lines).toContain('isogate_savings_tokens_total{kind="used"} 150')
  expect(lines).toContain('isogate_savings_turns_avoided_total 4')
})
