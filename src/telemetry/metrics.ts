import type { ErrorCode } from '../core/error-table.ts'
import type { Journal, JournalRecord } from '../core/ports.ts'
import type { SavingsTotals } from '../core/store.ts'

/** Upper bounds of the histogram of durations, seconds. */
const BUCKETS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
]

/** A value that is read when somebody asks. Labels are few and bounded: each combination is a series for ever. */
export interface Gauge {
  readonly name: string
  readonly help: string
  readonly read: () => readonly {
    readonly labels?: Readonly<Record<string, string>>
    readonly value: number
  }[]
}

/** What the gateway counts. */
export interface Metrics {
  /** Counts the calls. */
  readonly journal: Journal
  /** Counts a run that has ended, or was suspended. */
  readonly countRun: (outcome: 'ok' | 'suspended' | ErrorCode) => void
  /** Adds what a run saved. A run that saved nothing adds to the used tokens more than to the direct ones. */
  readonly saved: (savings: Omit<SavingsTotals, 'runs' | 'calls' | 'method'>) => void
  /** Everything, in the text format of Prometheus, version 0.0.4. */
  readonly text: (gauges: readonly Gauge[]) => string
}

interface Series {
  readonly labels: Readonly<Record<string, string>>
  count: number
}

interface Durations {
  readonly counts: number[]
  sumSeconds: number
  count: number
}

/** Begins at zero. */
export function createMetrics(): Metrics {
  const calls = new Map<string, Series>()
  const durations = new Map<string, Durations>()
  const runs = new Map<string, number>()
  const savings = { directTokens: 0, usedTokens: 0, turnsAvoided: 0 }

  function count(record: JournalRecord): void {
    const { door, outcome, durationMs } = record
    const code: string = record.code ?? ''
    const key = `${door} ${outcome} ${code}`
    const series = calls.get(key)
    if (series === undefined) calls.set(key, { labels: { door, outcome, code }, count: 1 })
    else series.count += 1
    let times = durations.get(door)
    if (times === undefined) {
      durations.set(door, (times = { counts: BUCKETS.map(() => 0), sumSeconds: 0, count: 0 }))
    }
    const seconds = durationMs / 1_000
    const bucket = BUCKETS.findIndex((bound) => seconds <= bound)
    if (bucket >= 0) times.counts[bucket] = (times.counts[bucket] ?? 0) + 1
    times.sumSeconds += seconds
    times.count += 1
  }

  function* durationLines(): Generator<string> {
    const name = 'isogate_call_duration_seconds'
    for (const [door, { counts, sumSeconds, count: all }] of durations) {
      let below = 0
      for (const [index, bound] of BUCKETS.entries()) {
        below += counts[index] ?? 0
        yield line(`${name}_bucket`, { door, le: String(bound) }, below)
      }
      yield line(`${name}_bucket`, { door, le: '+Inf' }, all)
      yield line(`${name}_sum`, { door }, sumSeconds)
      yield line(`${name}_count`, { door }, all)
    }
  }

  function* runLines(): Generator<string> {
    yield* head('isogate_runs_total', 'counter', 'Runs of scripts that have ended or were suspended.')
    for (const [outcome, ended] of runs) yield line('isogate_runs_total', { outcome }, ended)
    const tokens = 'isogate_savings_tokens_total'
    yield* head(
      tokens,
      'counter',
      'Tokens of the calls of scripts, one by one (direct) and as they were (used).',
    )
    yield line(tokens, { kind: 'direct' }, savings.directTokens)
    yield line(tokens, { kind: 'used' }, savings.usedTokens)
    const turns = 'isogate_savings_turns_avoided_total'
    yield* head(turns, 'counter', 'Requests to a model that scripts made unnecessary.')
    yield line(turns, {}, savings.turnsAvoided)
  }

  return {
    journal: { write: count },
    countRun: (outcome) => void runs.set(outcome, (runs.get(outcome) ?? 0) + 1),
    saved: ({ directTokens, usedTokens, turnsAvoided }) => {
      savings.directTokens += directTokens
      savings.usedTokens += usedTokens
      savings.turnsAvoided += turnsAvoided
    },
    text: (gauges) =>
      [
        ...gauges.flatMap(({ name, help, read }) => [
          ...head(name, 'gauge', help),
          ...read().map(({ labels = {}, value }) => line(name, labels, value)),
        ]),
        ...head('isogate_calls_total', 'counter', 'Calls that have ended, refused ones too.'),
        ...[...calls.values()].map((series) => line('isogate_calls_total', series.labels, series.count)),
        ...head('isogate_call_duration_seconds', 'histogram', 'How long calls took.'),
        ...durationLines(),
        ...runLines(),
        '',
      ].join('\n'),
  }
}

function head(name: string, type: string, help: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function line(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escape(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
}

/** Source: Prometheus, "Exposition formats", text format. */
function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
