import { styleText } from 'node:util'

import type { JournalRecord } from '../src/core/ports.ts'
import type { Cost } from './turns.ts'

/** Prints a heading. */
export function showHeading(text: string): void {
  console.log(`\n${styleText('bold', text)}`)
}

/** Prints the calls of a run with their times; the bar shows which of them were under way together. */
export function showCalls(records: readonly JournalRecord[], startedAtMs: number): void {
  const calls = records
    .filter(({ door }) => door === 'script')
    .map(({ tool, atMs, durationMs }) => ({ tool, fromMs: atMs - durationMs - startedAtMs, durationMs }))
    .toSorted((a, b) => a.fromMs - b.fromMs)
  const endMs = Math.max(...calls.map(({ fromMs, durationMs }) => fromMs + durationMs), 1)
  showHeading(`The ${calls.length} calls that it made`)
  for (const { tool, fromMs, durationMs } of calls) {
    const offset = Math.round((Math.max(0, fromMs) / endMs) * BAR_COLUMNS)
    const length = Math.max(1, Math.round((durationMs / endMs) * BAR_COLUMNS))
    const bar = `${' '.repeat(offset)}${'▬'.repeat(length)}`.slice(0, BAR_COLUMNS + 1)
    console.log(
      `  ${tool.padEnd(28)} ${`${durationMs.toFixed(1)} ms`.padStart(9)}  ${styleText('cyan', bar)}`,
    )
  }
}

const BAR_COLUMNS = 36

/** Prints the tokens of both ways beside each other. */
export function showCosts(classic: Cost, code: Cost, tools: number): void {
  showHeading('What it costs a model (input tokens of all turns, o200k_base, without prompt caching)')
  for (const [label, { input, turns, fixed }] of [
    ['every tool in the list', classic],
    ['Code Mode', code],
  ] as const) {
    console.log(
      `  ${label.padEnd(24)} ${count(input)} in ${turns} turns, of which ${count(fixed)} are definitions in each turn`,
    )
  }
  const less = ((1 - code.input / classic.input) * 100).toFixed(0)
  console.log(
    `  ${styleText('green', `${less} % less`)} for this task with ${tools} tools connected; the more tools, the more it saves.`,
  )
}

function count(tokens: number): string {
  return tokens.toLocaleString('en').padStart(7)
}
