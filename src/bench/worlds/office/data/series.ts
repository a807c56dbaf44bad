import { createSeed } from '../../seed.ts'

/** Names of what is measured of each service, with what is usual for it. */
export const METRICS: Readonly<Record<string, { readonly unit: string; readonly usual: number }>> = {
  latency_avg: { unit: 'ms', usual: 90 },
  latency_p95: { unit: 'ms', usual: 240 },
  latency_p99: { unit: 'ms', usual: 420 },
  error_rate: { unit: 'percent', usual: 0.2 },
  requests_per_second: { unit: '1/s', usual: 310 },
  cpu_percent: { unit: 'percent', usual: 42 },
}

/** The incident of 5 March 2026, in seconds since 1970. */
const BROKEN_FROM = Date.UTC(2026, 2, 5, 9, 38) / 1_000
const BROKEN_UNTIL = Date.UTC(2026, 2, 5, 10, 31) / 1_000

/** A point: seconds since 1970, and the value. */
type Point = readonly [number, number]

/** What was measured of a service. The same for the same time, however much is asked for. */
export function measure(
  service: string,
  metric: string,
  from: number,
  to: number,
  step: number,
): readonly Point[] {
  const usual = METRICS[metric]?.usual ?? 0
  const points: Point[] = []
  for (let at = from; at < to; at += step) {
    const seed = createSeed(at + service.length * 31 + metric.length)
    const isBroken = service === 'checkout' && at >= BROKEN_FROM && at < BROKEN_UNTIL
    // During the incident most minutes are bad, not all.
    const factor = isBroken ? seed.integer(250, 900) / 100 : seed.integer(70, 130) / 100
    points.push([at, Math.round(usual * factor * 10) / 10])
  }
  return points
}
