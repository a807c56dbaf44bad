import type { Command } from 'commander'

import { act, describeVerb, type VerbHost } from '../verb.ts'
import {
  toLatency,
  withLatencyOptions,
  withPlayOptions,
  type LatencyOptions,
  type PlayOptions,
} from './options.ts'
import { play } from './play.ts'

/** Adds `isogate bench latency`. */
export function addLatency(bench: Command, host: VerbHost): void {
  const command = bench
    .command('latency')
    .summary('wall time of tasks in each mode')
    .description(
      'Measures what gateway and tools take for each task, and adds what a model would take by parameters.',
    )
  describeVerb(withLatencyOptions(withPlayOptions(command)), {
    notes: `WALL = measured time of gateway and tools + turns of the model: first token, reading the input, writing the output. The
parameters are yours to set; how much the result depends on each of them is told below the table.`,
    examples: [
      ['isogate bench latency --sizes 50,500', 'two sizes'],
      ['isogate bench latency --write-per-second 150 --first-token-ms 300', 'a faster model'],
    ],
  }).action(
    act(host, (options: PlayOptions & LatencyOptions) =>
      play(host.ports, options, { latency: toLatency(options), isTimed: true, repeats: options.repeats }),
    ),
  )
}
