import type { TaskKind } from '../../config/tasks/schema.ts'
import type { Caching, LatencyParameters, Point } from '../points.ts'
import { kindsOf, ratioOf, sumOf, toMatches, toPairs } from './pairs.ts'
import { cachedInputsOf, DEFAULT_PRICING } from './price.ts'

/**
 * A hosted mid-sized model of 2025 and 2026 that does not think aloud. Published figures differ by an order of
 * magnitude. Where they do, these lean to mode classic, which sends long definitions and writes little; `sensitivity`
 * tells what becomes of it.
 *
 * - `readPerSecond` 40,000, above the fastest that was found: the cookbook of Claude on prompt caching
 *   (misc/prompt_caching) has 187,347 tokens in 5.96 s with Sonnet 4.5, some 38,000 per second after a second for the
 *   first token, and 20.37 s with Sonnet 3.5 in 2024, some 9,700 per second. Glean measured 0.24 ms per token, 4,200
 *   per second (glean.com/blog/glean-input-token-llm-latency).
 * - `cachedReadPerSecond` 100,000, above the fastest again: the same notebooks have 3.66 s and 2.92 s for the same
 *   prompt out of the cache, some 70,000 and 98,000 per second. OpenAI measured the first token of 150,000 tokens
 *   67 % sooner out of the cache (cookbook, Prompt Caching 201); with these values it is 50 % sooner, since they read
 *   fast what is not cached.
 * - `firstTokenMs` 800, in the lower half: Artificial Analysis has 0.8 s for Claude 3.5 Sonnet and 1.8 s for Sonnet
 *   4.5, BridgeBench 1.0 s for short prompts to Sonnet 4.6. Some publish 0.2 to 0.4 s. Less is better for many turns,
 *   more for few.
 * - `writePerSecond` 60, in the lower half too: Artificial Analysis has 63 for Sonnet 4.5, BridgeBench 49 to 101 for
 *   Sonnet 4.6, and the first notebook comes to some 50. Slow writing is against scripts, which are longer than
 *   calls.
 * - `turnMs` 100: the network, 30 to 150 ms by most accounts, and the client. The times above were taken by clients
 *   and have some of it already, so it is not more.
 */
export const DEFAULT_LATENCY: LatencyParameters = {
  firstTokenMs: 800,
  readPerSecond: 40_000,
  cachedReadPerSecond: 100_000,
  writePerSecond: 60,
  turnMs: 100,
}

/** The time that a simulated model takes for all turns of a point, without the tools, milliseconds. */
export function modelMsOf(
  point: Point,
  parameters: LatencyParameters,
  caching: Caching,
  cacheMinTokens: number = DEFAULT_PRICING.cacheMinTokens,
): number {
  const cached = sumOf(cachedInputsOf(point, caching, cacheMinTokens), (tokens) => tokens)
  const input = sumOf(point.turns, (turn) => turn.input)
  const output = sumOf(point.turns, (turn) => turn.output)
  const seconds =
    (input - cached) / parameters.readPerSecond +
    cached / parameters.cachedReadPerSecond +
    output / parameters.writePerSecond
  return point.turns.length * (parameters.turnMs + parameters.firstTokenMs) + seconds * 1_000
}

/** The time of the gateway and the tools, as it was measured, milliseconds; 0 where it was not. */
export function toolMsOf(point: Point): number {
  return sumOf(point.turns, (turn) => turn.toolMs ?? 0)
}

/** From the question to the answer, milliseconds: the model, which is simulated, and the tools, which are measured. */
export function wallMsOf(
  point: Point,
  parameters: LatencyParameters,
  caching: Caching,
  cacheMinTokens: number = DEFAULT_PRICING.cacheMinTokens,
): number {
  return modelMsOf(point, parameters, caching, cacheMinTokens) + toolMsOf(point)
}

/** What becomes of the comparison with classic where a parameter is another one. */
export interface Sensitivity {
  readonly parameter: keyof LatencyParameters
  /** What the parameter is multiplied by. 1 is the parameter as it is, to compare with. */
  readonly factor: 0.5 | 1 | 2
  readonly kind: TaskKind | 'all'
  readonly mode: 'code' | 'search'
  /** Wall time of the mode over that of classic, summed over the tasks that both solved. */
  readonly ratio: number
}

/** The names of all parameters, in the order in which they are told. */
export const LATENCY_PARAMETERS = [
  'firstTokenMs',
  'readPerSecond',
  'cachedReadPerSecond',
  'writePerSecond',
  'turnMs',
] as const satisfies readonly (keyof LatencyParameters)[]

/**
 * How much a comparison of wall times hangs on each parameter: the ratios to classic with the parameter halved, as it
 * is, and doubled. Sums are over all points that are given; give those of one number of tools, or the largest
 * outweighs all others.
 */
export function sensitivity(
  points: readonly Point[],
  parameters: LatencyParameters,
  caching: Caching,
  cacheMinTokens: number = DEFAULT_PRICING.cacheMinTokens,
): readonly Sensitivity[] {
  const matches = toMatches(points)
  const kinds = ['all', ...kindsOf(points)] as const
  return LATENCY_PARAMETERS.flatMap((parameter) =>
    ([0.5, 1, 2] as const).flatMap((factor) => {
      const changed = { ...parameters, [parameter]: parameters[parameter] * factor }
      const wallMs = (point: Point): number => wallMsOf(point, changed, caching, cacheMinTokens)
      return kinds.flatMap((kind) => {
        const ofKind = matches.filter((match) => kind === 'all' || match.kind === kind)
        return (['code', 'search'] as const).flatMap((mode): Sensitivity[] => {
          const ratio = ratioOf(toPairs(ofKind, mode), wallMs)
          return ratio === undefined ? [] : [{ parameter, factor, kind, mode, ratio }]
        })
      })
    }),
  )
}
