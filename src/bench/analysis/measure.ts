import type { Caching, LatencyParameters, Point, Pricing } from '../points.ts'
import { wallMsOf } from './latency.ts'
import { sumOf } from './pairs.ts'
import { costOf } from './price.ts'

/** What points are compared by: the less, the better. */
export interface Measure {
  readonly name: MeasureName
  readonly label: string
  readonly unit: 'tokens' | '$' | 'turns' | 'ms'
  readonly of: (point: Point) => number
}

const MEASURE_NAMES = [
  'input',
  'output',
  'turns',
  'cost-none',
  'cost-cold',
  'cost-warm',
  'wall-none',
  'wall-cold',
  'wall-warm',
] as const
export type MeasureName = (typeof MEASURE_NAMES)[number]

/** Prices and speeds; a report has them. */
export interface Rates {
  readonly pricing: Pricing
  readonly latency: LatencyParameters
}

/** A measure by its name: what is counted of a point, and its unit. */
export function measureOf(name: MeasureName, { pricing, latency }: Rates): Measure {
  const cost = (label: string, caching: Caching): Omit<Measure, 'name'> => ({
    label: `cost, ${label}`,
    unit: '$',
    of: (point) => costOf(point, pricing, caching),
  })
  const wall = (label: string, caching: Caching): Omit<Measure, 'name'> => ({
    label: `time, ${label}`,
    unit: 'ms',
    of: (point) => wallMsOf(point, latency, caching, pricing.cacheMinTokens),
  })
  const measures: Readonly<Record<MeasureName, Omit<Measure, 'name'>>> = {
    input: { label: 'input tokens', unit: 'tokens', of: inputOf },
    output: { label: 'output tokens', unit: 'tokens', of: outputOf },
    turns: { label: 'turns', unit: 'turns', of: (point) => point.turns.length },
    'cost-none': cost('nothing cached', 'none'),
    'cost-cold': cost('cold cache', 'cold'),
    'cost-warm': cost('warm cache', 'warm'),
    'wall-none': wall('nothing cached', 'none'),
    'wall-cold': wall('cold cache', 'cold'),
    'wall-warm': wall('warm cache', 'warm'),
  }
  return { name, ...measures[name] }
}

/** Tokens that are sent, over all turns. */
export function inputOf(point: Point): number {
  return sumOf(point.turns, (turn) => turn.input)
}

/** Tokens that are written, over all turns. */
export function outputOf(point: Point): number {
  return sumOf(point.turns, (turn) => turn.output)
}
