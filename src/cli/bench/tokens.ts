import type { Command } from 'commander'

import { DEFAULT_LATENCY } from '../../bench/analysis/latency.ts'
import { act, describeVerb, type VerbHost } from '../verb.ts'
import { withPlayOptions, type PlayOptions } from './options.ts'
import { play } from './play.ts'

/** Adds `isogate bench tokens`. */
export function addTokens(bench: Command, host: VerbHost): void {
  const command = bench
    .command('tokens')
    .summary('tokens and money of tasks in each mode')
    .description('Counts what a provider would bill for each task in each mode at each number of tools.')
  describeVerb(withPlayOptions(command), {
    notes: `Of each turn the whole request counts: definitions, instructions and all turns before; input and output apart, by the
tokenizer o200k_base. COST is without and with prompt caching: cold begins each conversation without a cache, warm finds
definitions and instructions in it. Two runs give the same figures. Nothing of your servers is called; they are only listed
(but by \`--tasks\`, which is played on them).`,
    examples: [
      ['isogate bench tokens', 'all sizes'],
      ['isogate bench tokens --catalog generated --sizes 50,500 --only fan-out', 'a kind of task'],
      ['isogate bench tokens --report report.html --out now.json', 'charts, and figures to compare with'],
    ],
  }).action(
    act(host, (options: PlayOptions) => play(host.ports, options, { latency: DEFAULT_LATENCY, isTimed: false })),
  )
}
