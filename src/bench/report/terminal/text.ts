import type { BenchReport } from '../../points.ts'
import { TIME_CACHING, toFacts } from '../facts.ts'
import { toCount, toCountOf } from '../numbers.ts'
import { toAutoLines, toCrossoverLines, toFailureLines, toLossLines } from './findings.ts'
import { toSafe, wrap, type Screen } from './plain.ts'
import { toKindLines, toSumLines } from './sums.ts'
import { toWhatIfLines } from './what-if.ts'

/** The report as plain text, without a last line feed. On a terminal, columns that can be spared give way where it is narrow. */
export function toTerminal(report: BenchReport, screen: Screen): string {
  const facts = toFacts(report)
  const { made, catalog, tasks, tokenizer, isTimed } = report
  const auto = toAutoLines(facts, screen)
  const suppositions = toWhatIfLines(facts, screen)
  const blocks: readonly (readonly string[])[] = [
    [
      ...wrap(
        `${toCountOf(tasks.length, 'task')} of ${toCountOf(facts.kinds.length, 'kind')}, catalog: ${toSafe(catalog.source, 200)}; tokens of ${toSafe(tokenizer, 40)}. Isogate ${toSafe(made.version, 40)}.`,
        screen,
      ),
    ],
    toSumLines(facts, screen),
    [`At ${toCountOf(facts.sizes.at(-1) ?? 0, 'tool')}, for each kind:`, ...toKindLines(facts, screen)],
    ['The cheapest mode (≈: interpolated between two sizes):', ...toCrossoverLines(facts, screen)],
    ...(auto.length === 0 ? [] : [auto]),
    ...(facts.modes.includes('classic') ? [toLossLines(facts, screen)] : []),
    ...(suppositions.length === 0 ? [] : [suppositions]),
    toFailureLines(facts, screen),
    wrap(
      `Sums over all tasks. COST: dollars, nothing cached; COLD: each conversation begins with an empty cache; %: against classic, over the tasks that both solved. The model is simulated, its calls are real; TIME is modelled with a ${TIME_CACHING} cache${isTimed ? ' and has the measured time of gateway and tools' : ', without gateway and tools'} (${toCount(report.latency.firstTokenMs)} ms to the first token, ${toCount(report.latency.writePerSecond)} tokens written per second).`,
      screen,
    ),
  ]
  return blocks.map((lines) => lines.join('\n')).join('\n\n')
}
