import type { Command } from 'commander'

import type { VerbHost } from '../verb.ts'
import { addCompare } from './compare.ts'
import { addLatency } from './latency.ts'
import { addTokens } from './tokens.ts'

/** Adds `isogate bench` with its verbs. */
export function addBench(program: Command, host: VerbHost): void {
  const command = program
    .command('bench')
    .summary('what modes cost: tokens, money, turns, time')
    .description('Plays tasks in modes classic, search, code and auto, over catalogs of several sizes.')
    .addHelpText(
      'after',
      `
A task is data: a goal, the tools that solve it, and how it is known that it is solved. What a competent model would do in each
mode is written down beside it (a scripted policy), so no model is needed and two runs give the same figures; with
\`--model\` a real one plays. Every call goes through a whole gateway, and a task counts as solved only where the answer
and the state that it leaves are right.

Examples:
  isogate bench tokens                             your servers where there is a configuration, else a made-up catalog
  isogate bench tokens --report report.html        with charts, in one file
  isogate bench latency --sizes 50,500             wall time, with the parameters of the model
  isogate bench compare before.json after.json     what has changed

\`isogate bench <verb> --help\` tells more.`,
    )
  addTokens(command, host)
  addLatency(command, host)
  addCompare(command, host)
}
