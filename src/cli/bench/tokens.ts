import type { Command } from 'commander'

import { DEFAULT_LATENCY } from '../../bench/analysis/latency.ts'
import { act, describeVerb, type VerbHost } from '../verb.ts'
import { refuseLiveOptions, withLiveOptions, type LiveOptions } from './live-options.ts'
import { playWithModel } from './live.ts'
import { withPlayOptions, type PlayOptions } from './options.ts'
import { play } from './play.ts'

/** Adds `isogate bench tokens`. */
export function addTokens(bench: Command, host: VerbHost): void {
  const command = bench
    .command('tokens')
    .summary('tokens and money of tasks in each mode')
    .description('Counts what a provider would bill for each task in each mode at each number of tools.')
  describeVerb(withLiveOptions(withPlayOptions(command)), {
    notes: `Of each turn the whole request counts: definitions, instructions and all turns before; input and output apart, by the
tokenizer o200k_base. COST is without and with prompt caching: cold begins each conversation without a cache, warm finds
definitions and instructions in it. Two runs give the same figures. Nothing of your servers is called; they are only listed
(but by \`--tasks\`, which is played on them).

With \`--model\` a live model plays instead, and that costs money. Tokens are those that its provider counts, dollars are these by
\`--prices\`: give those of your model. No turn begins once \`--cost-limit\` is reached. It plays at one number of tools (508 where
\`--sizes\` names none), each task a few times, and every mean has its confidence interval. The key is read from the environment
only. Interrupted, it prints what there is.`,
    examples: [
      ['isogate bench tokens', 'all sizes'],
      ['isogate bench tokens --catalog generated --sizes 50,500 --only fan-out', 'a kind of task'],
      ['isogate bench tokens --report report.html --out now.json', 'charts, and figures to compare with'],
      [
        'isogate bench tokens --model NAME --endpoint https://api.openai.com/v1 --cost-limit 2',
        'a live model, for two dollars',
      ],
    ],
  }).action(
    act(host, (options: PlayOptions & LiveOptions) => {
      if (options.model !== undefined) return playWithModel(host.ports, options, options.model)
      refuseLiveOptions(options)
      return play(host.ports, options, { latency: DEFAULT_LATENCY, isTimed: false })
    }),
  )
}
