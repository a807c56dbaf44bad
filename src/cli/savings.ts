import { Option, type Command } from 'commander'

import type { SavingsRow, SavingsTotals } from '../core/store.ts'
import { UsageError } from './failure.ts'
import { findPlan } from './found-plan.ts'
import { toJsonText, toLine } from './output/printable.ts'
import { createStyle } from './output/style.ts'
import type { CliPorts, ExitCode, Output } from './ports.ts'
import { act, describeVerb, withConfigOption, type ConfigOptions, type VerbHost } from './verb.ts'

interface SavingsOptions extends ConfigOptions {
  readonly since?: string
  readonly by?: 'day' | 'principal'
  readonly json?: boolean
}

/** A row with what follows from it. */
interface Saved extends SavingsRow {
  readonly savedTokens: number
  /** Of the tokens one by one, to a tenth; absent where there were none. */
  readonly savedPercent?: number
}

const UNITS_MS: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }
const MAX_LABEL = 40

/** Adds `isogate savings`. */
export function addSavings(program: Command, host: VerbHost): void {
  const command = program
    .command('savings')
    .summary('what scripts saved: tokens and turns of the model')
    .description('Sums what runs of scripts saved against the same calls, made one by one by the model.')
  withConfigOption(command)
    .option('-s, --since <age or day>', 'from 12h, 7d or 4w ago, or from a day as 2026-11-22 (default: all)')
    .addOption(new Option('-b, --by <what>', 'one row for each').choices(['day', 'principal']))
    .option('--json', 'print { rows } as JSON')
  describeVerb(command, {
    notes: `RUNS and CALLS are what scripts did. TURNS AVOIDED: requests to the model that the calls would have taken one
by one; calls that a script makes in parallel count as one. DIRECT: tokens of the calls and of their full results,
which would have gone through the model. USED: tokens of the scripts and of what they returned. SAVED: the
difference, also where it is below zero. Days begin at midnight UTC and count whole. Nothing is started.`,
    examples: [
      ['isogate savings', 'in all'],
      ['isogate savings --since 7d --by day', 'the last week, day by day'],
      ['isogate savings --by principal --json | jq .rows', 'for programs'],
    ],
  }).action(act(host, (options: SavingsOptions) => showSavings(host.ports, options)))
}

async function showSavings(
  ports: CliPorts,
  { since, by, json = false, config }: SavingsOptions,
): Promise<ExitCode> {
  const { stdout } = ports
  const sinceMs = since === undefined ? undefined : parseSince(since, ports.nowMs())
  const rows = (await readRows(ports, config, sinceMs, by)).map(toSaved)
  if (json) stdout.write(`${toJsonText({ rows }, stdout)}\n`)
  else if (rows.length === 0) stdout.write(`${nothingYet(since)}\n`)
  else stdout.write(`${describe(rows, by, stdout).join('\n')}\n`)
  return 0
}

async function readRows(
  ports: CliPorts,
  config: string | undefined,
  sinceMs: number | undefined,
  by: SavingsOptions['by'],
): Promise<readonly SavingsRow[]> {
  const store = await ports.openStore(await findPlan(ports, config))
  if (store === undefined) return []
  try {
    return await store.savings.sum({
      ...(sinceMs === undefined ? {} : { sinceMs }),
      ...(by === undefined ? {} : { by }),
    })
  } finally {
    await store.close()
  }
}

/** The moment that an age or a day means. @throws UsageError */
function parseSince(text: string, nowMs: number): number {
  const [, count, unit = ''] = /^(\d{1,5})([hdw])$/.exec(text) ?? []
  if (count !== undefined) return nowMs - Number(count) * (UNITS_MS[unit] ?? 0)
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(day)) {
    throw new UsageError(`--since takes 12h, 7d, 4w or a day as 2026-11-22, not "${toLine(text, 40)}".`)
  }
  return day
}

function nothingYet(since: string | undefined): string {
  return since === undefined
    ? 'No run has been counted yet. Scripts are counted as they end, where a store is kept.'
    : 'No run was counted in this time. `isogate savings` shows all there is.'
}

function toSaved(row: SavingsRow): Saved {
  const savedTokens = row.directTokens - row.usedTokens
  const percent = row.directTokens > 0 ? { savedPercent: percentOf(savedTokens, row) } : {}
  return { ...row, savedTokens, ...percent }
}

function percentOf(savedTokens: number, { directTokens }: SavingsTotals): number {
  return Math.round((savedTokens / directTokens) * 1_000) / 10
}

interface Column {
  readonly title: string
  readonly cell: (row: Saved) => string
  /** Words stand to the left, numbers to the right. */
  readonly isText?: boolean
}

const NUMBERS: readonly Column[] = [
  { title: 'RUNS', cell: ({ runs }) => toText(runs) },
  { title: 'CALLS', cell: ({ calls }) => toText(calls) },
  { title: 'TURNS AVOIDED', cell: ({ turnsAvoided }) => toText(turnsAvoided) },
  { title: 'DIRECT', cell: ({ directTokens }) => toText(directTokens) },
  { title: 'USED', cell: ({ usedTokens }) => toText(usedTokens) },
  { title: 'SAVED', cell: ({ savedTokens }) => toText(savedTokens) },
  { title: '%', cell: ({ savedPercent }) => savedPercent?.toFixed(1) ?? '' },
]
const LABELS: Readonly<Record<'day' | 'principal' | 'method', Column>> = {
  day: { title: 'DAY', cell: ({ day = '' }) => day, isText: true },
  principal: {
    title: 'PRINCIPAL',
    cell: ({ principal = '' }) => toLine(principal, MAX_LABEL),
    isText: true,
  },
  method: { title: 'METHOD', cell: ({ method }) => toLine(method, MAX_LABEL), isText: true },
}

function describe(rows: readonly Saved[], by: SavingsOptions['by'], stdout: Output): readonly string[] {
  const { dim } = createStyle(stdout)
  const methods = [...new Set(rows.map(({ method }) => method))]
  const columns = [
    ...(by === undefined ? [] : [LABELS[by]]),
    ...NUMBERS,
    ...(methods.length === 1 ? [] : [LABELS.method]),
  ]
  const written = columns.map(({ title, cell, isText }) => {
    const texts = [title, ...rows.map(cell)]
    const width = Math.max(...texts.map(({ length }) => length))
    return texts.map((text) => (isText === true ? text.padEnd(width) : text.padStart(width)))
  })
  const lineOf = (index: number): string =>
    written
      .map((column) => column[index] ?? '')
      .join('  ')
      .trimEnd()
  return [
    dim(lineOf(0)),
    ...rows.map((_, index) => lineOf(index + 1)),
    '',
    ...methods.map((each) => dim(inWords(each))),
  ]
}

function toText(count: number): string {
  return count.toLocaleString('en')
}

/** The method of a row in words, where it is one that this version knows. */
function inWords(method: string): string {
  const [, counted] = /^isogate\/receipt-1 \((o200k_base|estimate)\)$/.exec(method) ?? []
  if (counted === undefined) return `Method: ${toLine(method, MAX_LABEL)}`
  const how = counted === 'estimate' ? 'tokens are estimated' : 'tokens of o200k_base'
  return `Method ${method}: calls and their full results, each once, against the script and its result; ${how}.`
}
