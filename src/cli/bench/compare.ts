import type { Command } from 'commander'

import { compareReports } from '../../bench/analysis/compare.ts'
import { readReport } from '../../bench/report/read-report.ts'
import { toCompareText } from '../../bench/report/terminal/compare-text.ts'
import { toJsonText } from '../output/printable.ts'
import type { CliPorts, ExitCode } from '../ports.ts'
import { readTextFile } from '../text-file.ts'
import { act, describeVerb, type CommonOptions, type VerbHost } from '../verb.ts'

const MAX_REPORT_BYTES = 200 * 1024 * 1024

interface CompareOptions extends CommonOptions {
  readonly json?: boolean
}

/** Adds `isogate bench compare`. */
export function addCompare(bench: Command, host: VerbHost): void {
  const command = bench
    .command('compare')
    .summary('what changed between two runs')
    .description(
      'Compares two files that `isogate bench tokens --out` or `isogate bench latency --out` wrote, without --model.',
    )
    .argument('<before>', 'a JSON file')
    .argument('<after>', 'another one')
    .option('--json', 'print the comparison as JSON')
  describeVerb(command, {
    notes: 'Exits with 1 where a task fails that did not, or takes more turns or over 2 % more input tokens.',
    examples: [['isogate bench compare before.json after.json', 'what has changed']],
  }).action(
    act(host, (before: string, after: string, options: CompareOptions) =>
      compare(host.ports, before, after, options),
    ),
  )
}

async function compare(
  ports: CliPorts,
  before: string,
  after: string,
  { json = false }: CompareOptions,
): Promise<ExitCode> {
  const [a, b] = await Promise.all(
    [before, after].map(async (path) => readReport(await readTextFile(ports, path, MAX_REPORT_BYTES), path)),
  )
  if (a === undefined || b === undefined) return 1
  const comparison = compareReports(a, b)
  const { stdout } = ports
  stdout.write(json ? `${toJsonText(comparison, stdout)}\n` : `${toCompareText(comparison)}\n`)
  return comparison.regressions.length === 0 ? 0 : 1
}
